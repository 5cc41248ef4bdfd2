"""The answer in one or two sentences: one for every kind of outcome, and none that claims more."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from itertools import product
from random import Random
from typing import Any

import pytest
import yaml

from decisions.cases.decision.short_answer import answer_of
from decisions.documents.letter.loading import load_words
from decisions.documents.words.reading import PAGES, WordsRefused, read_words, result_words
from decisions.rules.engine.answer_words import Clause, Lead
from decisions.rules.engine.composed_answer import ComposedAnswer, compose_answer, waits_for
from decisions.rules.engine.outcome_sums import sum_in
from decisions.rules.engine.outcomes import Finding, OptionOutcome, Outcome, Pending, Verdict
from decisions.rules.engine.result_words import ResultWords
from decisions.rules.engine.rules import HALVES, Effect, OptionId, Weight
from decisions.rules.engine.verdicts import LEADING_SUM, Tallies, Tally, position_of
from decisions.rules.loading import CURRENT_EDITION, FALLBACK
from decisions.rules.logic.conditions import Fact
from tests.collecting import for_each
from tests.decisions.random_lines import random_answers
from tests.decisions.rules.cases import EVERY_EDITION, decide_raw, read_vignettes, vignette

BOTH = OptionId.BOTH
SAMPLED = 400
IN_A_SENTENCE = ("ketamine", "TMS", "both at once")
COMPARING = ("better", "worse", "faster", "safer", "superior", "effective", "best", "instead")


# ---------------------------------------------------------------- what a sentence may say when


def _is_clear(one: OptionOutcome) -> bool:
    return not (one.stops or one.reviews or one.pending or one.bars or one.pending_bars)


def _leader_is(outcome: Outcome, verdict: Verdict) -> bool:
    return [outcome.options[one].verdict for one in outcome.leading] == [verdict]


def lead_is_true(lead: Lead, outcome: Outcome) -> bool:
    """Whether the first sentence says what holds: written from the sentences, not from the code."""
    options = outcome.options.values()
    if lead is Lead.ACT_FIRST:
        return bool(outcome.urgent)
    if outcome.urgent:
        return False
    if outcome.leading:
        one = outcome.options[outcome.leading[0]]
        match lead:
            case Lead.LEADS:
                return _leader_is(outcome, Verdict.FAVOURED) and _is_clear(one)
            case Lead.LEADS_SO_FAR:
                return not (one.stops or one.reviews or one.pending or one.bars) and bool(
                    one.pending_bars
                )
            case Lead.UNPROVEN:
                return one.option is BOTH and _is_clear(one) and one.verdict is Verdict.REASONABLE
            case Lead.NEEDS_SPECIALIST:
                return bool(one.reviews) and not waits_for(one)
            case Lead.NEEDS_SPECIALIST_AND_ANSWERS:
                return bool(one.reviews) and bool(waits_for(one))
            case Lead.NEEDS_ANSWERS:
                return not one.reviews and bool(one.pending)
            case _:
                return False
    able = [one.option for one in options if not one.stops and not one.barred]
    match lead:
        case Lead.NONE_SUITABLE:
            return all(one.stops for one in options)
        case Lead.NONE_OPEN:
            return not able and not all(one.stops for one in options)
        case Lead.CLOSE:
            high = max(sum_in(outcome, one) for one in outcome.close)
            return (
                len(outcome.close) > 1 and set(outcome.close) <= set(able) and high >= LEADING_SUM
            )
        case Lead.TOO_LITTLE:
            counting = [one for one in able if one is not BOTH or outcome.options[one].favour]
            return bool(able) and all(sum_in(outcome, one) < LEADING_SUM for one in counting)
        case _:
            return False


def clause_is_true(clause: Clause, one: OptionOutcome) -> bool:
    """Whether what is said of an option holds of it."""
    match clause:
        case Clause.STOP:
            return bool(one.stops)
        case Clause.BAR:
            return bool(one.bars)
        case Clause.REVIEW:
            return bool(one.reviews)
        case Clause.NO_OWN_REASON:
            return one.option is BOTH and not one.favour
        case Clause.HELD_OPEN:
            return one.barred and not one.bars and bool(one.pending_bars)
        case Clause.PENDING:
            return bool(one.pending)
        case Clause.BELOW_ZERO:
            return one.verdict is Verdict.LESS_SUITABLE and not one.barred
        case Clause.REASONABLE_SO_FAR:
            return one.verdict is Verdict.REASONABLE and bool(one.pending_bars)
        case Clause.REASONABLE:
            return one.verdict is Verdict.REASONABLE and _is_clear(one)


def check(outcome: Outcome, answer: ComposedAnswer, phrases: Mapping[str, str]) -> None:
    """That it says only what holds, that it names each option, and that it reads as sentences."""
    assert lead_is_true(answer.lead, outcome), answer.lead
    for option, clause in answer.clauses.items():
        assert clause_is_true(clause, outcome.options[option]), (option, clause)
        assert option not in outcome.leading
    said = str(answer)
    if not answer.acts_first and answer.lead is not Lead.NONE_OPEN:
        for name in IN_A_SENTENCE:
            assert name.lower() in said.lower(), said
    assert ("preference decides" in said) == (outcome.by_preference and not outcome.urgent)
    if outcome.leading == (BOTH,) and answer.lead is not Lead.LEADS:
        assert "unproven" in said
    for phrase in _phrases_in(said, phrases):
        assert phrase in _phrases_that_hold(outcome, phrases), phrase
    assert said[0].isupper()
    assert said.endswith(".")
    assert "{" not in said
    assert "  " not in said
    assert said.count(". ") <= 2


def _phrases_in(said: str, phrases: Mapping[str, str]) -> set[str]:
    return {phrase for phrase in phrases.values() if phrase in said and len(phrase.split()) > 1}


def _phrases_that_hold(outcome: Outcome, phrases: Mapping[str, str]) -> set[str]:
    options = outcome.options.values()
    groups = [
        outcome.urgent,
        *(group for one in options for group in (one.stops, one.reviews, one.bars)),
    ]
    held = {phrases[finding.rule] for group in groups for finding in group}
    # a short phrase can be a part of a longer one that holds
    return held | {phrase for phrase in phrases.values() if any(phrase in one for one in held)}


# ---------------------------------------------------------------- every kind of outcome


def states() -> Iterator[Tally]:
    """What the rules of one option can add up to, as far as a sentence tells it apart."""
    for stops, reviews, pending in product((0, 1), repeat=3):
        for bars, pending_bars in ((0, 0), (1, 0), (0, 1)):
            for balance in (-1, 1, 2, 4):
                yield Tally(
                    stops=stops,
                    reviews=reviews,
                    pending=pending,
                    bars=bars,
                    pending_bars=pending_bars,
                    balance=balance,
                    favours=int(balance > 0),
                )


def with_halves(tallies: Mapping[OptionId, Tally]) -> dict[OptionId, Tally]:
    """Both at once carries what its halves add up to, but for their weights."""
    carried = ("stops", "reviews", "pending", "bars", "pending_bars")
    sums = {
        name: sum(getattr(tallies[option], name) for option in (*HALVES, BOTH)) for name in carried
    }
    return {**tallies, BOTH: replace(tallies[BOTH], **sums)}


def open_bars_hold_back(tallies: Mapping[OptionId, Tally]) -> dict[OptionId, Tally]:
    """For both at once a bar that is UNKNOWN holds back like a true one."""
    both = tallies[BOTH]
    held = replace(both, bars=both.bars + both.pending_bars, pending_bars=0)
    return {**tallies, BOTH: held}


def outcome_of(own: Mapping[OptionId, Tally], preference: Fact, *, urgent: bool) -> Outcome:
    """An outcome of these sums, as the engine would make it."""
    tallies = with_halves(own)
    position = position_of(Tallies(open_bars_hold_back(tallies), int(urgent)), preference)
    standing = position.standing
    return Outcome(
        edition=CURRENT_EDITION,
        edition_sha256="",
        evidence_release="",
        evidence_sha256="",
        urgent=(finding(Effect.URGENT),) if urgent else (),
        notes=(),
        leading=standing.leading,
        close=standing.close if len(standing.close) > 1 else (),
        by_preference=standing.by_preference,
        first_course=False,
        options={
            option: option_outcome(
                option, tally, position.verdicts[option], leads=option in standing.leading
            )
            for option, tally in tallies.items()
        },
    )


def finding(effect: Effect, weight: int = 0, *, bars: bool = False) -> Finding:
    return Finding(
        rule="some-rule",
        effect=effect,
        options=(),
        because="Because.",
        strength=None,
        weight=Weight(weight),
        support=Weight.NONE,
        practical=True,
        bars=bars,
        questions=(),
        evidence=(),
        positions=(),
        counter=(),
    )


def option_outcome(
    option: OptionId, tally: Tally, verdict: Verdict, *, leads: bool
) -> OptionOutcome:
    waiting = Pending(
        rule="some-rule", effect=Effect.STOP, options=(), because="", waits_for=("heart", "liver")
    )
    # a balance of 4 is two reasons: no reason weighs more than 3
    weights = {-1: (), 1: (1,), 2: (2,), 4: (2, 2)}[tally.balance]
    return OptionOutcome(
        option=option,
        verdict=verdict,
        barred=bool(tally.bars or (option is BOTH and tally.pending_bars)),
        leads=leads,
        stops=(finding(Effect.STOP),) * tally.stops,
        reviews=(finding(Effect.REVIEW),) * tally.reviews,
        bars=(finding(Effect.AGAINST, bars=True),) * tally.bars,
        favour=tuple(finding(Effect.FAVOUR, one) for one in weights),
        against=(finding(Effect.AGAINST, 1),) if tally.balance < 0 else (),
        silent=(),
        pending=(waiting,) * tally.pending,
        pending_bars=(waiting,) * tally.pending_bars,
        notes=(),
    )


@pytest.mark.slow
def test_every_kind_of_outcome_has_an_answer_that_holds() -> None:
    """All sums of two halves against some of both at once, and what the patient prefers."""
    words, phrases = result_words(), {"some-rule": "some reason"}
    leads, clauses = set[Lead](), set[Clause]()
    every = list(states())
    few = [one for one in every if not one.reviews and one.balance in (-1, 2)]
    for ketamine, tms in product(every, few):
        for both, preference, urgent in (
            (few[0], "none", False),
            (few[1], "both", False),
            (few[-1], "ketamine", False),
            (few[1], "ketamine", True),
            (few[3], "repeat_tms", False),
        ):
            tallies = dict(zip(OptionId, (ketamine, tms, both), strict=True))
            outcome = outcome_of(tallies, preference, urgent=urgent)
            answer = compose_answer(outcome, words, phrases)
            check(outcome, answer, phrases)
            leads.add(answer.lead)
            clauses |= set(answer.clauses.values())

    assert leads == set(Lead)
    assert clauses == set(Clause)


def test_sampled_answers_have_an_answer_that_holds() -> None:
    rng, leads = Random(20261128), set[Lead]()
    phrases = load_words().findings
    for _ in range(SAMPLED):
        outcome = decide_raw(random_answers(rng))
        answer = answer_of(outcome)
        check(outcome, answer, phrases)
        leads.add(answer.lead)

    assert len(leads) >= 8, leads


@for_each("edition_id", EVERY_EDITION)
def test_vignettes_have_an_answer_that_holds(edition_id: str) -> None:
    for one in read_vignettes(edition_id):
        outcome = decide_raw(one["answers"], edition_id=edition_id)
        check(outcome, answer_of(outcome), load_words(edition_id).findings)


# ---------------------------------------------------------------- the words


@for_each(
    ("name", "said"),
    [
        (
            "cannot-attend-daily",
            "Ketamine leads on these answers: nothing in them forbids it or holds it back. "
            "TMS and both at once are held back: daily visits not possible, no accelerated course.",
        ),
        (
            "blood-pressure-unknown",
            "TMS leads on these answers: nothing in them forbids it or holds it back. "
            "Ketamine waits for 2 open questions; both at once is held back: "
            "the patient has not asked for both, knowing it is unproven.",
        ),
        (
            "partial-under-way-wants-both",
            "Both at once leads as the patient’s choice; it is unproven. The reasons for ketamine, "
            "TMS and both at once are close, and the patient’s preference decides.",
        ),
        (
            "deep-coil-wants-both",
            "Both at once would lead if a specialist clears it (deep (H-coil) TMS with both at "
            "once). The reasons for ketamine, TMS and both at once are close, and the patient’s "
            "preference decides; it is unproven that both at once help more than one treatment.",
        ),
        (
            "aneurysm",
            "TMS would lead if a specialist clears it "
            "(aneurysm, malformation or hemorrhage in the head). "
            "Ketamine and both at once are not suitable: "
            "aneurysm, malformation or brain hemorrhage.",
        ),
        (
            "nothing-known",
            "No option leads so far: too little speaks for ketamine and TMS. "
            "Ketamine waits for 27 open questions; TMS waits for 24 open questions; "
            "both at once is held back by 14 open questions.",
        ),
        (
            "psychotic",
            "Something comes first, and no option leads until then: psychotic depression.",
        ),
    ],
)
def test_it_reads_as_sentences(name: str, said: str) -> None:
    assert str(answer_of(decide_raw(vignette(name)))) == said


def test_no_sentence_compares_what_options_do() -> None:
    """Only a source compares treatments; these sentences cite none."""
    texts = yaml.safe_dump(result_words().answer.model_dump(mode="json"), allow_unicode=True)

    assert not [word for word in COMPARING if word in texts.lower()]


@for_each(
    ("change", "told"),
    [
        (lambda raw: raw["leads"].pop("close"), "leads: add close"),
        (lambda raw: raw["clauses"].pop("stop"), "clauses: add stop"),
        (lambda raw: raw["leads"].update(close="{verdict} is close"), "verdict"),
        (lambda raw: raw["leads"].update(odd="Odd"), "odd"),
    ],
)
def test_words_that_are_not_whole_are_refused(change: Any, told: str) -> None:
    raw = yaml.safe_load((FALLBACK / PAGES).read_text())
    change(raw["answer"])

    with pytest.raises(WordsRefused, match=told):
        read_words(raw, PAGES, ResultWords)
