"""The brute force itself: it judges as the independent evaluation does, and leaves nothing out.

What the functions of the domain are held against in `tests/decisions/rules` has to be right on
its own: here it is compared with the independent evaluation and, for single completions, with
`decide`.
"""

from __future__ import annotations

from collections.abc import Mapping
from random import Random
from typing import Any

import pytest

from tests.collecting import for_each
from tests.decisions.partial_cases import partial_case
from tests.decisions.random_lines import random_answer, random_answers
from tests.decisions.rules.cases import decide_raw
from tests.oracles import independent_evaluation
from tests.oracles.brute_force import Answers, judge_answers
from tests.oracles.brute_force_completions import (
    admissible,
    complete,
    is_open,
    phq9_pairs,
    representatives,
)
from tests.oracles.independent_conditions import known_answers, questions
from tests.rounds import ROUNDS


def judged(answers: Answers) -> dict[str, Any]:
    result = judge_answers(answers)
    return {
        option: (list(result.leading), result.verdicts[option], result.barred[option])
        for option in result.verdicts
    }


def evaluated(answers: Answers) -> dict[str, Any]:
    result = independent_evaluation.decide(answers)
    return {
        name: (result["leading"], option["verdict"], option["barred"])
        for name, option in result["options"].items()
    }


def random_completion(rng: Random, answers: Answers) -> Answers:
    """A case with any admissible value, not only representatives, wherever one is missing."""
    known = known_answers(answers)
    completion = dict(known)
    for question in questions():
        if is_open(question, known.get(question)):
            values = admissible(question, known.get(question))
            completion[question] = (
                random_answer(rng, question) if question != "phq9" else rng.choice(list(values))
            )
    return completion


def leading_of(answers: Mapping[str, Any]) -> tuple[str, ...]:
    """Who leads, from the engine."""
    return tuple(option.value for option in decide_raw(dict(answers)).leading)


@pytest.mark.slow
def test_verdicts_are_those_of_the_independent_evaluation() -> None:
    rng = Random(1)
    cases = [make(rng) for make in (random_answers, partial_case) for _ in range(40 * ROUNDS)]

    for answers in cases:
        assert judged(answers) == evaluated(answers), answers


def test_any_completion_of_a_settled_case_gives_what_it_is_settled_on() -> None:
    """Values that no condition tells apart are drawn here too, and the engine decides."""
    rng = Random(2)
    settled = [
        answers for answers in (partial_case(rng) for _ in range(60)) if complete(answers).settled
    ]

    for answers in settled:
        for _ in range(3):
            completion = random_completion(rng, answers)
            assert leading_of(completion) == complete(answers).settled_on, completion


@pytest.mark.slow
def test_questions_not_depended_on_never_change_who_leads_alone() -> None:
    """From a random completion, one other question is answered again: the engine decides again."""
    rng = Random(3)

    for answers in (partial_case(rng) for _ in range(15 * ROUNDS)):
        depends_on = complete(answers).depends_on
        one, other = random_completion(rng, answers), random_completion(rng, answers)
        for question in questions():
            if question not in depends_on:
                changed = {**one, question: other[question]}
                assert leading_of(changed) == leading_of(one), (question, changed)


@pytest.mark.slow
def test_partial_cases_are_worth_going_through() -> None:
    """Many hang on what is missing, and each option is among those that cases settle on."""
    rng = Random(4)

    completed = [complete(partial_case(rng)) for _ in range(400)]

    assert sum(bool(one.depends_on) for one in completed) > 100
    assert {one.settled_on for one in completed} == {(), ("ketamine",), ("repeat_tms",), ("both",)}


@for_each(
    ("answer", "expected"),
    [
        ({"total": 15, "item9": 1}, [(15, 1)]),
        ({"total": 0}, [(0, 0)]),
        ({"total": 2}, [(2, 0), (2, 1), (2, 2)]),
        ({"total": 25}, [(25, 1), (25, 2), (25, 3)]),
        ({"items": [1, 1, 1, 1, 1, 1, 1, 1, None]}, [(8, 0), (9, 1), (10, 2), (11, 3)]),
        ({"items": [None, 1, 1, 1, 1, 1, 1, 1, 2]}, [(9, 2), (10, 2), (11, 2), (12, 2)]),
        ({"items": [3, 3, 3, 3, 3, 3, 3, 3, 3]}, [(27, 3)]),
    ],
)
def test_half_given_form_keeps_what_it_says(answer: Any, expected: list[tuple[int, int]]) -> None:
    assert sorted(phq9_pairs(answer)) == expected


def test_form_not_given_allows_every_pair_that_nine_items_can_score() -> None:
    pairs = set(phq9_pairs(None))

    assert pairs == {(rest + item9, item9) for rest in range(25) for item9 in range(4)}


def test_every_question_has_the_representatives_that_conditions_tell_apart() -> None:
    assert len(representatives("preference", None)) == 4
    assert len(representatives("tms_courses", None)) == 3
    assert len(representatives("ketamine_access", None)) == 32
    assert len(representatives("integration_therapy", None)) == 1
