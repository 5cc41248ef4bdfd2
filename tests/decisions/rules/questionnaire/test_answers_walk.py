"""Random walks back and forth through the questions: an answer no longer asked never counts."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from decisions.rules.engine.outcomes import Outcome
from decisions.rules.loading import load_edition
from decisions.rules.logic.truth import Truth
from decisions.rules.questionnaire.questionnaire import Question, QuestionType
from tests.decisions.rules.cases import answers_of, base_with, decide_raw, read_vignettes

QUESTIONS = load_edition().questionnaire.questions
GATED = [question for question in QUESTIONS if question.ask_when is not None]
GATES = [
    question
    for question in QUESTIONS
    if question.id
    in {"phq9", "suicide_risk", "tms_courses", "tms_best_response", "ketamine_access"}
]
SMALL = 3
"""Numbers from 0 to this decide which questions are asked; greater ones are drawn less often."""

Step = tuple[str, Any]


def answers_for(question: Question) -> st.SearchStrategy[Any]:
    """Every admissible answer to a question, null among them."""
    nothing = st.just(None)
    values = st.sampled_from(sorted(question.values)) if question.choices else nothing
    match question.type:
        case QuestionType.YES_NO | QuestionType.CHOICE:
            return nothing | values
        case QuestionType.CHOICES:
            return nothing | st.lists(values, unique=True)
        case QuestionType.INTEGER:
            numbers = st.integers(question.min, question.max)
            return nothing | st.integers(question.min, (question.min or 0) + SMALL) | numbers
        case QuestionType.INSTRUMENT:
            assert question.instrument is not None
            count = len(question.instrument.items)
            items = st.lists(st.none() | st.integers(0, 3), min_size=count, max_size=count)
            return nothing | items.map(lambda given: {"items": given})


def step_in(questions: list[Question]) -> st.SearchStrategy[Step]:
    return st.sampled_from(questions).flatmap(
        lambda question: st.tuples(st.just(question.id), answers_for(question))
    )


steps = st.lists(step_in(GATES) | step_in(GATED) | step_in(list(QUESTIONS)), min_size=1, max_size=8)
starts = st.sampled_from([{}, *(one["answers"] for one in read_vignettes())])


def without_stale(stored: dict[str, Any]) -> dict[str, Any]:
    """The stored answers whose questions are asked, or may be asked."""
    asked = answers_of(stored).asked
    return {name: value for name, value in stored.items() if asked[name] is not Truth.FALSE}


def walk(start: dict[str, Any], taken: list[Step]) -> dict[str, Any]:
    """What is stored after these answers were given one after the other."""
    stored = dict(start)
    for name, value in taken:
        stored[name] = value
    return stored


@pytest.mark.slow
@settings(max_examples=150, deadline=None)
@given(start=starts, taken=steps)
def test_stale_answers_decide_as_if_removed_at_every_step(
    start: dict[str, Any], taken: list[Step]
) -> None:
    for count in range(1, len(taken) + 1):
        stored = walk(start, taken[:count])

        assert decide_raw(stored) == decide_raw(without_stale(stored))


@pytest.mark.slow
@settings(max_examples=150, deadline=None)
@given(start=starts, taken=steps, data=st.data())
def test_stale_answers_decide_alike_whatever_they_say(
    start: dict[str, Any], taken: list[Step], data: st.DataObject
) -> None:
    stored = walk(start, taken)
    asked = answers_of(stored).asked
    stale = [question for question in GATED if asked[question.id] is Truth.FALSE]
    others = {question.id: data.draw(answers_for(question)) for question in stale}

    assert decide_raw({**stored, **others}) == decide_raw(stored)


@pytest.mark.slow
@settings(max_examples=100, deadline=None)
@given(start=starts, taken=steps)
def test_walk_there_and_back_changes_nothing(start: dict[str, Any], taken: list[Step]) -> None:
    there = walk(start, taken)
    back = walk(there, [(name, start.get(name)) for name, _ in taken])

    assert decide_raw(back) == decide_raw(start)


def test_course_taken_back_and_given_again_keeps_its_answers() -> None:
    def outcome(courses: int) -> Outcome:
        return decide_raw(base_with(tms_courses=courses, tms_last_response="worse"))

    assert outcome(0) == decide_raw(without_stale(base_with(tms_courses=0)))
    assert outcome(1) == decide_raw(base_with(tms_courses=1))
    assert outcome(2) != outcome(1)
