"""The next best question: against its definition, step by step through cases, and by hand."""

from __future__ import annotations

from random import Random
from typing import Any

import pytest

from decisions.rules.loading import load_edition
from decisions.rules.sensitivity.next_question import next_best_question
from evidence.loading import load_dossier
from tests.decisions.partial_cases import complete_answers, partial_case
from tests.decisions.random_lines import random_answers
from tests.decisions.rules.cases import answers_of, base_with, decide_raw
from tests.oracles.brute_force import Answers
from tests.oracles.brute_force_completions import TooManyError, complete
from tests.oracles.brute_force_order import candidates, next_best
from tests.oracles.independent_conditions import questions
from tests.rounds import ROUNDS


def found_for(raw: Answers) -> str | None:
    return next_best_question(load_edition(), answers_of(raw), load_dossier())


def expected_for(raw: Answers) -> str | None:
    return next_best(raw, complete(raw).depends_on)


@pytest.mark.slow
def test_partial_cases_ask_what_the_definition_asks() -> None:
    rng = Random(1)

    for _ in range(50 * ROUNDS):
        answers = partial_case(rng)
        assert found_for(answers) == expected_for(answers), answers


@pytest.mark.slow
def test_cases_with_many_unknowns_ask_what_the_definition_asks() -> None:
    rng, compared = Random(2), 0

    for _ in range(40 * ROUNDS):
        answers = random_answers(rng)
        try:
            expected = expected_for(answers)
        except TooManyError:
            continue
        compared += 1
        assert found_for(answers) == expected, answers

    assert compared > 20 * ROUNDS


def test_answering_in_its_order_ends_settled_and_with_nothing_pending() -> None:
    rng = Random(3)

    for _ in range(3):
        truth, answers = complete_answers(rng), dict[str, Any]()
        while (question := found_for(answers)) is not None:
            assert question in candidates(answers)
            answers[question] = truth[question]
        outcome = decide_raw(answers)
        assert not any(option.pending for option in outcome.options.values())
        assert complete({**answers, **rest(truth, answers)}).settled


def rest(truth: Answers, answers: Answers) -> Answers:
    """Answers to all but five of the questions that were not asked: few enough to go through."""
    left = [question for question in questions() if question not in answers]
    return {question: truth[question] for question in left[5:]}


def test_stops_come_before_reviews_and_reviews_before_the_rest() -> None:
    raw = {**base_with(), "bladder": None, "head_metal": None, "preference": None, "phq9": None}

    assert found_for(raw) == "head_metal"
    assert found_for({**raw, "head_metal": "none"}) == "bladder"
    assert found_for({**raw, "head_metal": "none", "bladder": "no"}) == "phq9"


def test_question_for_which_more_stops_wait_comes_first() -> None:
    """Current psychosis is one stop, mania one; heart disease comes later and holds up one stop."""
    raw = base_with(mania_now=None, heart=None, pregnancy=None)

    waiting = {
        question: sum(
            question in pending.waits_for
            for pending in {
                pending.rule: pending
                for option in decide_raw(raw).options.values()
                for pending in option.pending
            }.values()
        )
        for question in ("mania_now", "heart", "pregnancy")
    }

    assert waiting == {"mania_now": 1, "heart": 3, "pregnancy": 4}
    assert found_for(raw) == "pregnancy"


def test_what_decides_whether_a_question_is_asked_comes_first() -> None:
    raw = base_with(tms_courses=None, tms_now=None, tms_seizure=None)

    assert found_for(raw) == "tms_courses"
    assert found_for({**raw, "tms_courses": 1}) == "tms_seizure"


@pytest.mark.parametrize(
    ("head_metal", "expected"), [(None, "head_metal"), ("unknown", None), ("none", None)]
)
def test_question_answered_not_known_is_not_asked_again(
    head_metal: str | None, expected: str | None
) -> None:
    assert found_for(base_with(head_metal=head_metal)) == expected


def test_form_with_an_item_missing_is_asked_for() -> None:
    phq9 = {"items": [1, 1, 1, 0, 0, 0, 0, 0, None]}

    assert found_for(base_with(phq9=phq9, item9_asked_again="yes")) == "phq9"


def test_settled_case_with_nothing_pending_asks_nothing() -> None:
    assert found_for(base_with()) is None


@pytest.mark.parametrize(
    ("answers", "asked"),
    [
        ({"phq9": {"items": [None] * 8 + [1]}}, "suicide_risk"),
        ({"phq9": {"total": 15, "item9": 2}}, "suicide_risk"),
        ({"phq9": {"total": 15, "item9": 2}, "suicide_risk": "none"}, "item9_asked_again"),
        ({"phq9": {"total": 15, "item9": 0}}, "psychosis"),
        ({"phq9": {"total": 15, "item9": 2}, "suicide_risk": "unknown"}, "psychosis"),
    ],
)
def test_what_an_act_first_rule_asks_for_comes_first(answers: Answers, asked: str) -> None:
    assert found_for(answers) == asked
