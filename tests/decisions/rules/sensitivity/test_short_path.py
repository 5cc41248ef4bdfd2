"""The short path: what it asks and when it ends, on sampled patients, against the exact method."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from random import Random
from typing import Any

import pytest

from decisions.rules.engine.answers_in_words import AnswerState, describe_answer
from decisions.rules.engine.decide import decide
from decisions.rules.engine.rules import Effect
from decisions.rules.engine.short_path_plan import Cleared, ShortPathPlan
from decisions.rules.loading import CURRENT_EDITION, load_edition
from decisions.rules.logic.conditions import leaves_in
from decisions.rules.questionnaire.answer_values import AnswerProblem, read_answer
from decisions.rules.questionnaire.answers import Answers
from decisions.rules.questionnaire.questionnaire import Question
from decisions.rules.sensitivity.settled import robustness_of
from decisions.rules.sensitivity.short_path import (
    may_be_left,
    problems_of_short_path,
    short_path,
)
from evidence.loading import load_dossier
from tests.collecting import for_each
from tests.decisions.partial_cases import complete_answers
from tests.decisions.random_lines import random_answer
from tests.decisions.rules.cases import EARLIER_EDITION, base_with

Raw = Mapping[str, Any]
EDITION, EVIDENCE = load_edition(), load_dossier()
QUESTIONNAIRE = EDITION.questionnaire
PATIENTS, COMPLETIONS = 3, 4

URGENT = {
    QUESTIONNAIRE.owner_of(leaf.question).id
    for rule in EDITION.rules
    if rule.effect is Effect.URGENT
    for leaf in leaves_in(rule.when)
}
LEFT = set(EDITION.short_path.left())


def answers_of(raw: Raw) -> Answers:
    return Answers.read(QUESTIONNAIRE, raw)


def unasked(answers: Answers) -> set[str]:
    """The questions of act-first rules that are asked now and have no answer."""
    return {one for one in URGENT if answers.is_asked(one) and not answers.is_complete(one)}


def walk(rng: Random) -> Iterator[tuple[dict[str, Any], Any]]:
    """One patient along the path, card by card; now and then something is not known."""
    whole, raw = complete_answers(rng), dict[str, Any]()
    while True:
        path = short_path(EDITION, answers_of(raw), EVIDENCE)
        yield raw, path
        if not path.to_ask:
            return
        question = QUESTIONNAIRE.question(path.to_ask[0])
        is_unknown = question.unknown and question.instrument is None and rng.random() < 0.15
        raw = {**raw, question.id: "unknown" if is_unknown else whole[question.id]}


@pytest.mark.slow
@for_each("seed", range(PATIENTS))
def test_nothing_that_comes_first_is_passed_over_and_the_end_is_exact(seed: int) -> None:
    to_come = before_answer = len(QUESTIONNAIRE.questions)

    for raw, path in walk(Random(seed)):
        answers = answers_of(raw)
        assert path.may_stop is not bool(
            unasked(answers) | {one for one in EDITION.short_path.must_be_known if one not in raw}
        )
        assert len(path.to_come) <= to_come, "what is left to ask has grown"
        assert len(path.before_answer) <= before_answer, "what comes before the answer has grown"
        assert set(path.needed) <= set(path.before_the_offer) <= set(path.before_answer)
        assert path.to_ask[: len(path.before_the_offer)] == path.before_the_offer
        assert not LEFT & set(path.to_come)
        assert path.to_ask or path.may_stop
        to_come, before_answer = len(path.to_come), len(path.before_answer)

    assert not unasked(answers)
    still = set(robustness_of(EDITION, answers, EVIDENCE).depends_on)
    assert still <= LEFT | {
        one for one in QUESTIONNAIRE.in_order(still) if not is_open(answers, one)
    }
    check_completions(Random(seed), raw)


def is_open(answers: Answers, name: str) -> bool:
    """Not said to be not known, and not waiting for an answer that is not known."""
    return answers.is_asked(name) and not answers.is_answered(name)


def check_completions(rng: Random, raw: Raw) -> None:
    """Once who clears them answered, and what was not known is known, nothing else matters."""
    for _ in range(COMPLETIONS):
        known = {name: value for name, value in raw.items() if value != "unknown"}
        for name in QUESTIONNAIRE.in_order(LEFT | {one for one in raw if one not in known}):
            known[name] = random_answer(rng, name)
        settled = settle(rng, known)

        for question in QUESTIONNAIRE.questions:
            known.setdefault(question.id, random_answer(rng, question.id))
        assert decide(EDITION, answers_of(known), EVIDENCE).leading == settled


def settle(rng: Random, known: dict[str, Any]) -> tuple[Any, ...]:
    """On what it is settled. What is asked only now that more is known is answered, too."""
    while not (found := robustness_of(EDITION, answers_of(known), EVIDENCE)).settled:
        newly = [one for one in found.depends_on if is_open(answers_of(known), one)]
        assert newly, found.depends_on
        assert all(QUESTIONNAIRE.question(one).ask_when for one in newly), newly
        known |= {one: random_answer(rng, one) for one in newly}
    return found.settled_on


WALKS = 2


@pytest.mark.slow
@for_each(
    ("seed", "also"),
    [(seed, who) for seed in range(WALKS) for who in ("", *EDITION.short_path.cleared_by)],
)
def test_progress_never_runs_backward_whatever_is_answered_next(seed: int, also: str) -> None:
    """also: whose questions are asked, too."""
    rng, cards = Random(seed), EDITION.short_path.cards
    cleared_by = EDITION.short_path.cleared_by.get(also)
    too = frozenset(cleared_by.questions if cleared_by else ())
    most = most_before_answer = len(QUESTIONNAIRE.questions)

    for answers in at_random(rng):
        path = short_path(EDITION, answers, EVIDENCE, also=too)
        assert cards(path.to_come) <= most
        assert cards(path.before_answer) <= most_before_answer
        most, most_before_answer = cards(path.to_come), cards(path.before_answer)


def at_random(rng: Random) -> Iterator[Answers]:
    """One patient of whom any question that is asked is answered next, known or not, or left."""
    whole, raw = complete_answers(rng), dict[str, Any]()
    while True:
        answers = answers_of(raw)
        yield answers
        found = [one for one in QUESTIONNAIRE.questions if is_open(answers, one.id)]
        if not found:
            return
        question = rng.choice(found)
        raw = {**raw, question.id: given(rng, question, whole)}


def given(rng: Random, question: Question, whole: Raw) -> Any:
    """What a patient answers, or sometimes that it is not known or left to somebody."""
    answers = [whole[question.id]] * 3
    if question.unknown:
        answers += ["unknown", question.left_word or "unknown"]
    return rng.choice(answers)


OFFERS, COMPLETED = 3, 40


@pytest.mark.slow
@for_each("seed", range(OFFERS))
def test_no_open_question_can_bring_an_act_first_notice_once_an_answer_is_offered(
    seed: int,
) -> None:
    """By brute force: whatever is open is answered at random, and what is asked then, too."""
    rng = Random(seed)
    answers = once_offered(rng)
    urgent = {one.rule for one in decide(EDITION, answers, EVIDENCE).urgent}

    for _ in range(COMPLETED):
        completed = complete_open(rng, answers)
        assert {one.rule for one in decide(EDITION, completed, EVIDENCE).urgent} == urgent


def once_offered(rng: Random) -> Answers:
    """One patient who was asked only what comes before the offer, in any order."""
    whole, raw = complete_answers(rng), dict[str, Any]()
    while asked := short_path(EDITION, answers_of(raw), EVIDENCE).before_the_offer:
        question = QUESTIONNAIRE.question(rng.choice(asked))
        raw = {**raw, question.id: given(rng, question, whole)}
    return answers_of(raw)


def complete_open(rng: Random, answers: Answers) -> Answers:
    values = dict(answers.values)
    while found := [one for one in QUESTIONNAIRE.questions if is_open(answers, one.id)]:
        values |= {one.id: read_answer(one, random_answer(rng, one.id)) for one in found}
        answers = Answers(QUESTIONNAIRE, values, answers.left)
    return answers


def test_nothing_is_left_to_others_while_a_form_with_item_9_is_half_filled() -> None:
    half = {**base_with(), "phq9": {"items": [1, 1, None, 1, 1, 1, 1, 1, None]}}
    del half["heart"]

    assert not may_be_left(EDITION, answers_of(half))
    assert may_be_left(EDITION, answers_of({**half, "phq9": "unknown"})) == {
        "prescriber": ("heart",)
    }


def test_with_an_act_first_notice_only_what_comes_first_is_asked() -> None:
    asked = {"age_years": 44, "diagnosis": "mdd", "psychosis": "current"}

    path = short_path(EDITION, answers_of(asked), EVIDENCE)

    assert path.robustness.settled
    assert set(path.to_come) <= URGENT | {"tms_courses", "diagnosis"}


CORE = EDITION.short_path.before_the_answer


def test_an_answer_is_offered_once_what_matters_most_is_known_and_not_before() -> None:
    raw = base_with(preference="ketamine")
    known = {name: raw[name] for name in raw if name in {*URGENT, *CORE, "tms_courses"}}
    whole = {**known, **{one: raw[one] for one in EDITION.short_path.must_be_known}}

    offered = short_path(EDITION, answers_of(whole), EVIDENCE)
    assert not offered.before_the_offer
    assert not offered.before_answer
    assert offered.to_ask, "what is left out can still change who leads"
    assert not set(offered.to_ask) & (URGENT | {*CORE})
    for name in sorted(whole):
        without = {one: value for one, value in whole.items() if one != name}
        path = short_path(EDITION, answers_of(without), EVIDENCE)
        if name in URGENT | {*EDITION.short_path.must_be_known}:
            assert path.before_the_offer, name
        elif name in path.robustness.depends_on:
            assert name in path.before_the_offer


def test_without_an_order_of_its_own_an_edition_offers_nothing_before_its_end() -> None:
    earlier = load_edition(EARLIER_EDITION)

    path = short_path(earlier, Answers.read(earlier.questionnaire, {}), EVIDENCE)

    assert path.before_answer == path.to_come


def test_what_is_left_to_others_can_be_asked_all_the_same() -> None:
    raw = {name: value for name, value in base_with().items() if name not in LEFT}
    heart = frozenset({"heart"})

    assert "heart" in short_path(EDITION, answers_of(raw), EVIDENCE, also=heart).to_ask
    assert "heart" not in short_path(EDITION, answers_of(raw), EVIDENCE).to_come


REVIEWED = {
    question
    for rule in EDITION.rules
    if rule.effect in {Effect.STOP, Effect.REVIEW}
    for question in EDITION.questions_of(rule.when)
}


def test_each_question_of_a_stop_or_review_is_asked_or_left_to_somebody() -> None:
    path = short_path(EDITION, answers_of({}), EVIDENCE)

    assert LEFT | set(path.to_come) >= REVIEWED


@for_each(
    ("changes", "asked"),
    [
        ({}, "mixed_features"),
        ({"mixed_features": "unknown"}, None),
        ({"mania_now": "yes"}, None),
        ({"mixed_features": "no", "ketamine_access": ["oral_home"]}, "home_support"),
        ({"mixed_features": "no", "ketamine_access": ["iv"]}, None),
    ],
)
def test_what_nobody_else_clears_is_asked_while_an_option_that_may_lead_waits(
    changes: dict[str, Any], asked: str | None
) -> None:
    """Neither can change who leads; without them a review would wait for ever."""
    raw = base_with(preference="ketamine", tms_access="no")
    del raw["mixed_features"]

    path = short_path(EDITION, answers_of({**raw, **changes}), EVIDENCE)

    assert path.to_ask == path.to_come == ((asked,) if asked else ())
    assert path.may_stop


# Left to who clears it


@for_each("seed", range(20))
def test_left_is_as_unknown_to_every_rule(seed: int) -> None:
    rng = Random(seed)
    raw = complete_answers(rng)
    left = {one for one in sorted(LEFT) if rng.random() < 0.5}
    unknown = answers_of({**raw, **dict.fromkeys(left, "unknown")})
    given = {one: QUESTIONNAIRE.question(one).left_word for one in left}
    handed_on = answers_of({**raw, **given})

    assert decide(EDITION, handed_on, EVIDENCE) == decide(EDITION, unknown, EVIDENCE)
    assert handed_on.left == left
    assert not unknown.left
    for name in left:
        told = describe_answer(EDITION, QUESTIONNAIRE.question(name), handed_on)
        if handed_on.is_asked(name):
            assert told.state is AnswerState.LEFT
            assert told.words in ("Left to the prescriber", "Left to the TMS provider")


@for_each("name", sorted(one.id for one in QUESTIONNAIRE.questions))
def test_nothing_else_can_be_left_to_anybody(name: str) -> None:
    question = QUESTIONNAIRE.question(name)
    takes = []
    for raw in ("left_to_prescriber", "left_to_tms_provider", "left_to_", "left_to_nobody"):
        try:
            read_answer(question, raw)
        except AnswerProblem:
            continue
        takes.append(raw)

    assert takes == ([question.left_word] if question.left_word else [])
    if name in URGENT | {"phq9", "suicide_risk"} or not question.unknown:
        assert not takes


@for_each(
    ("plan", "told"),
    [
        ({"prescriber": ["heart", "bp_systolic"]}, "nobody else can be left bp_systolic"),
        ({"prescriber": ["phq9"]}, "nobody else can be left phq9"),
        ({"prescriber": ["tms_courses"]}, "nobody else can be left tms_courses"),
        ({"prescriber": ["vascular_outside_head"], "a": ["vascular_outside_head"]}, "two clear"),
        ({"prescriber": ["lungs"]}, "there is no question lungs"),
    ],
)
def test_an_edition_cannot_leave_what_must_be_asked(plan: dict[str, Any], told: str) -> None:
    cleared = {
        who: Cleared(name="somebody", questions=tuple(questions)) for who, questions in plan.items()
    }

    problems = problems_of_short_path(
        ShortPathPlan(cleared_by=cleared), QUESTIONNAIRE, EDITION.rules
    )

    assert [told in problem.what for problem in problems] == [True]


def test_an_earlier_edition_leaves_nothing_and_keeps_its_digest() -> None:
    earlier = load_edition(EARLIER_EDITION)

    assert not [*earlier.short_path.left()]
    assert "short_path" not in load_edition(CURRENT_EDITION).model_dump(mode="json")


@for_each("together", [("diagnosis", "psychosis"), ("bp_systolic", "mania_now"), ("phq9", "gad7")])
def test_a_card_asks_several_only_by_yes_and_no_or_by_numbers(together: tuple[str, str]) -> None:
    plan = ShortPathPlan(asked_together=(together,))

    (problem,) = problems_of_short_path(plan, QUESTIONNAIRE, EDITION.rules)

    assert problem.what == f"one card cannot ask {', '.join(together)}"
