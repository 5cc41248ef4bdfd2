"""What is claimed of an edition before it is released, and what a check of a claim gives.

Every claim speaks of the whole answer space: every admissible answer to every question, not
known and not applicable included. The claims are data; `by_solver` and `by_exhaustion` check
them in two ways that share nothing but this file and the loaded edition.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from pydantic import JsonValue

from decisions.rules.engine.edition import Edition
from decisions.rules.logic.values import Frozen, Text


class ClaimId(StrEnum):
    """The claims, in the order of the proof report."""

    ONE_VERDICT = "one-verdict"
    STOP_DECIDES = "stop-decides"
    OPEN_SAFETY = "open-safety"
    EXPECTED_HOLDS = "expected-holds"
    BOTH_NEVER_SAFER = "both-never-safer"
    LEARNING_KEEPS = "learning-keeps"
    OPEN_NEVER_NO = "open-never-no"
    WORSE_NEVER_SAFER = "worse-never-safer"
    ACT_FIRST = "act-first"
    NO_DEAD_RULE = "no-dead-rule"
    NO_CONSTANT_RULE = "no-constant-rule"
    NO_UNUSED_QUESTION = "no-unused-question"
    EVERY_OPTION_LEADS = "every-option-leads"
    EVERY_VERDICT = "every-verdict"
    WITHDRAW_ONE = "withdraw-one"
    WITHDRAW_ALL = "withdraw-all"
    URGENT_FIRST = "urgent-first"
    HELD_BACK_NEVER_LEADS = "held-back-never-leads"
    BOTH_ASKED_FOR = "both-asked-for"
    OPEN_HOLDS_BOTH = "open-holds-both"


class Claim(Frozen):
    """One claim: the number of the property that it belongs to, and what it says."""

    id: ClaimId
    property: int
    sentence: Text


CLAIMS: Mapping[ClaimId, Claim] = {
    one.id: one
    for one in (
        Claim(
            id=ClaimId.ONE_VERDICT,
            property=1,
            sentence="Every answer set gives each option exactly one verdict.",
        ),
        Claim(
            id=ClaimId.STOP_DECIDES,
            property=2,
            sentence="A true stop always makes its option, and both at once, not suitable.",
        ),
        Claim(
            id=ClaimId.OPEN_SAFETY,
            property=2,
            sentence="While a stop or review is not definitely false, its option is never favored, "
            "reasonable or less suitable.",
        ),
        Claim(
            id=ClaimId.EXPECTED_HOLDS,
            property=2,
            sentence="Each answer that the edition's expectations name as a hazard holds its "
            "options back at least as far as they say.",
        ),
        Claim(
            id=ClaimId.BOTH_NEVER_SAFER,
            property=3,
            sentence="Both at once is never safer than either of its halves.",
        ),
        Claim(
            id=ClaimId.LEARNING_KEEPS,
            property=4,
            sentence="Learning an answer never removes a true stop, review or act-first rule; "
            "rules built on a missing answer are excepted by name.",
        ),
        Claim(
            id=ClaimId.OPEN_NEVER_NO,
            property=4,
            sentence="No stop, review, reason or bar is true because an answer is open: whichever "
            "answer is then learned, it stays true.",
        ),
        Claim(
            id=ClaimId.WORSE_NEVER_SAFER,
            property=4,
            sentence="Making one ordered hazard worse never makes an option safer.",
        ),
        Claim(
            id=ClaimId.ACT_FIRST,
            property=5,
            sentence="Each answer that the edition's expectations name as an emergency always "
            "raises its act-first notice.",
        ),
        Claim(
            id=ClaimId.NO_DEAD_RULE,
            property=6,
            sentence="Every rule is true of some answer set.",
        ),
        Claim(
            id=ClaimId.NO_CONSTANT_RULE,
            property=6,
            sentence="Every rule but those that say `always` is not true of some answer set.",
        ),
        Claim(
            id=ClaimId.NO_UNUSED_QUESTION,
            property=6,
            sentence="Every question can change a rule, or is an instrument whose score is "
            "reported.",
        ),
        Claim(
            id=ClaimId.EVERY_OPTION_LEADS,
            property=6,
            sentence="Every option leads for some answer set.",
        ),
        Claim(
            id=ClaimId.EVERY_VERDICT,
            property=6,
            sentence="Every verdict is reached by every option for some answer set, but for those "
            "that the edition's expectations rule out.",
        ),
        Claim(
            id=ClaimId.WITHDRAW_ONE,
            property=7,
            sentence="Withdrawing any one source never makes an option safer and never lifts a "
            "bar.",
        ),
        Claim(
            id=ClaimId.WITHDRAW_ALL,
            property=7,
            sentence="With every source withdrawn each stop, review and act-first rule still "
            "works.",
        ),
        Claim(
            id=ClaimId.URGENT_FIRST,
            property=8,
            sentence="Nothing leads and nothing is favored while an act-first rule is true.",
        ),
        Claim(
            id=ClaimId.HELD_BACK_NEVER_LEADS,
            property=8,
            sentence="An option that is stopped or barred never leads.",
        ),
        Claim(
            id=ClaimId.BOTH_ASKED_FOR,
            property=8,
            sentence="Both at once leads only if the patient asks for it, one of the named reasons "
            "holds and neither half is barred.",
        ),
        Claim(
            id=ClaimId.OPEN_HOLDS_BOTH,
            property=8,
            sentence="While a bar of both at once is not definitely false, both at once never "
            "leads and is never favored or reasonable.",
        ),
    )
}
"""Claim id -> claim, in the order of the proof report. Property 9 compares two editions."""

SINCE_OPEN_IS_NEVER_NO = frozenset({ClaimId.OPEN_NEVER_NO, ClaimId.OPEN_HOLDS_BOTH})
"""The claims about editions that promise never to read an open answer as no."""


def claims_about(edition: Edition) -> tuple[ClaimId, ...]:
    """The claims that are made of an edition, in the order of the proof report."""
    without = frozenset() if edition.open_is_never_no else SINCE_OPEN_IS_NEVER_NO
    return tuple(claim for claim in CLAIMS if claim not in without)


class Method(StrEnum):
    """How a claim was checked."""

    SOLVER = "solver"
    EXHAUSTION = "exhaustion"


class Counterexample(Frozen):
    """One case that breaks a claim, or shows a difference.

    what: a sentence built of ids. answers: as `manage.py decide` accepts them; None where no
    case can show it (a rule that is never true). beside: the second case, where two are
    compared. retracted: withdrawn from the second (`--retract`). rules: those involved.
    """

    what: Text
    answers: Mapping[str, JsonValue] | None = None
    beside: Mapping[str, JsonValue] | None = None
    retracted: str | None = None
    rules: tuple[str, ...] = ()


class Opening(Frozen):
    """One thing that would open a verdict that is ruled out, and a case that would then have it.

    rule: the reason that would have to be proved. lacks: what it lacks for that.
    """

    rule: Text
    lacks: tuple[Text, ...]
    answers: Mapping[str, JsonValue]


class NamedException(Frozen):
    """Something that a claim leaves out: its id, why it may, and what would open it."""

    name: Text
    why: Text
    openings: tuple[Opening, ...] = ()


class Checked(Frozen):
    """A claim after one method checked it. seconds: what the check took on the wall clock."""

    claim: ClaimId
    method: Method
    holds: bool
    counterexamples: tuple[Counterexample, ...] = ()
    seconds: float
    exceptions: tuple[NamedException, ...] = ()
    notes: tuple[str, ...] = ()
