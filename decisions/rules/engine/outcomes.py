"""What `decide` gives: per option the verdict and every reason for it, with its sources.

An outcome is data. Pages, letters and exports show nothing about a decision that is not here.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Annotated

from pydantic import PlainSerializer, field_validator

from decisions.rules.engine.rules import Effect, OptionId, Strength, Weight
from decisions.rules.logic.values import Frozen
from evidence.domain.terms import Certainty, Kind, Line, Stance, Verified

WeightNumber = Annotated[Weight, PlainSerializer(int)]


class Verdict(StrEnum):
    """What the rules say of one option, in the order in which they are tried."""

    NOT_SUITABLE = "not_suitable"
    SPECIALIST_REVIEW = "specialist_review"
    MORE_INFORMATION = "more_information"
    LESS_SUITABLE = "less_suitable"
    FAVOURED = "favoured"
    REASONABLE = "reasonable"


class ShownAs(StrEnum):
    """What stands for an option: a verdict, or what comes before it."""

    ACT_FIRST = "act_first"
    WOULD_LEAD = "would_lead"
    NOT_SUITABLE = "not_suitable"
    SPECIALIST_REVIEW = "specialist_review"
    MORE_INFORMATION = "more_information"
    LESS_SUITABLE = "less_suitable"
    FAVOURED = "favoured"
    REASONABLE = "reasonable"


_NOT_CLEARED = frozenset({Verdict.SPECIALIST_REVIEW, Verdict.MORE_INFORMATION})
BEFORE_ACT_FIRST = _NOT_CLEARED | {Verdict.NOT_SUITABLE}
"""Verdicts that the act-first step does not replace (header of rules.yaml)."""


class Citation(Frozen):
    """A source as it is cited: its name, what it is, and how much it can be trusted."""

    key: str
    label: str
    kind: Kind
    certainty: Certainty | None
    verified: Verified
    retracted: bool = False


class PositionCitation(Frozen):
    """A guideline position as it is cited; withdrawn when its guideline was retracted."""

    id: str
    guideline: str
    label: str
    indication: str
    stance: Stance
    line: Line | None
    grade: int | None
    verified: Verified
    withdrawn: bool = False


class Finding(Frozen):
    """A rule that is true, with what it weighs under the evidence of this decision.

    strength: what the rule claims. support: the most that its best published source or position
    allows. weight: what it weighs, the lower of the two, or the strength of a practical reason.
    held_down: the weight is below the strength. questions: what it used.
    """

    rule: str
    effect: Effect
    options: tuple[OptionId, ...]
    because: str
    strength: Strength | None
    weight: WeightNumber
    support: WeightNumber
    practical: bool
    bars: bool
    questions: tuple[str, ...]
    evidence: tuple[Citation, ...]
    positions: tuple[PositionCitation, ...]
    counter: tuple[Citation, ...]

    @property
    def rests_on(self) -> tuple[str, ...]:
        """The sources that it names, for it or against it, those of its positions included."""
        cited = tuple(one.key for one in (*self.evidence, *self.counter))
        return (*cited, *(one.guideline for one in self.positions))

    @property
    def held_down(self) -> bool:
        """Whether its evidence allows less than the rule claims, yet something."""
        return self.strength is not None and Weight.NONE < self.weight < _CLAIMED[self.strength]


_CLAIMED = {
    Strength.STRONG: Weight.STRONG,
    Strength.MODERATE: Weight.MODERATE,
    Strength.WEAK: Weight.WEAK,
}


class Pending(Frozen):
    """A rule whose condition is UNKNOWN, and the open questions that decide it, in order."""

    rule: str
    effect: Effect
    options: tuple[OptionId, ...]
    because: str
    waits_for: tuple[str, ...]


class OptionOutcome(Frozen):
    """Everything that the rules say of one option.

    For `both`: stops, reviews, bars, pending, pending_bars and notes include those of its
    halves, each once; favour, against and silent are its own. barred without bars: what holds it
    back is one of the pending_bars (OPEN in the header of rules.yaml).
    """

    option: OptionId
    verdict: Verdict
    barred: bool
    leads: bool
    stops: tuple[Finding, ...]
    reviews: tuple[Finding, ...]
    bars: tuple[Finding, ...]
    favour: tuple[Finding, ...]
    against: tuple[Finding, ...]
    silent: tuple[Finding, ...]
    pending: tuple[Pending, ...]
    pending_bars: tuple[Pending, ...]
    notes: tuple[Finding, ...]

    @property
    def would_lead(self) -> bool:
        """Whether it leads without being cleared."""
        return self.leads and self.verdict in _NOT_CLEARED

    @property
    def is_held_open(self) -> bool:
        """Whether it is held back with no bar true: by what is still open."""
        return self.barred and not self.bars


class Outcome(Frozen):
    """The whole result of one evaluation, with what it rested on.

    leading: none or one option; close: options with level reasons when two or more are.
    urgent and notes are those of the case. Options stand in their fixed order. first_course:
    there was no earlier course of TMS, so that `repeat_tms` reads "TMS (a first course)".
    """

    edition: str
    edition_sha256: str
    evidence_release: str
    evidence_sha256: str
    urgent: tuple[Finding, ...]
    notes: tuple[Finding, ...]
    leading: tuple[OptionId, ...]
    close: tuple[OptionId, ...]
    by_preference: bool
    first_course: bool
    options: Mapping[OptionId, OptionOutcome]

    @field_validator("options")
    @classmethod
    def _in_their_order(
        cls, options: Mapping[OptionId, OptionOutcome]
    ) -> Mapping[OptionId, OptionOutcome]:
        """A database that stores JSON may hand out keys in another order."""
        return {option: options[option] for option in OptionId if option in options}

    def shown_as(self, option: OptionId) -> ShownAs:
        """What pages, letters and the command say of an option in one word.

        While an urgent rule is true nothing leads, and the act-first step replaces each verdict
        that no stop, review or missing answer makes.
        """
        one = self.options[option]
        if self.urgent and one.verdict not in BEFORE_ACT_FIRST:
            return ShownAs.ACT_FIRST
        return ShownAs.WOULD_LEAD if one.would_lead else ShownAs(one.verdict)

    def behind(self, first: tuple[Finding, ...]) -> Outcome:
        """The same as pages show it while these come first, too: nothing leads."""
        if not first:
            return self
        options = {
            option: one.model_copy(update={"leads": False}) for option, one in self.options.items()
        }
        changes = {"leading": (), "close": (), "by_preference": False, "options": options}
        return self.model_copy(update={"urgent": (*self.urgent, *first), **changes})
