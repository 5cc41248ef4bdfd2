"""One concrete case in the solver: to compare what is proved with what is decided."""

from __future__ import annotations

from collections.abc import Iterator

from z3 import BoolRef, ModelRef, Not, Solver, sat

from decisions.rules.proof.answer_space import AnswerSpace, Hidden
from decisions.rules.questionnaire.answer_values import Value
from decisions.rules.questionnaire.answers import Answers
from decisions.rules.questionnaire.instruments import SAFETY_ITEM, Scores
from decisions.rules.questionnaire.questionnaire import Question


def model_of(space: AnswerSpace, answers: Answers) -> ModelRef:
    """The one case of the answer space in which these answers are given.

    Fails when the answer space does not hold them: then it is too small.
    """
    solver = Solver()
    solver.add(*space.admissible, *_given(space, answers))
    assert solver.check() == sat, "the answer space leaves these answers out"
    return solver.model()


def _given(space: AnswerSpace, answers: Answers) -> Iterator[BoolRef]:
    for question in answers.questionnaire.questions:
        known = space.known[question.id]
        yield known if answers.is_known(question.id) else Not(known)
        stored = answers.get(question.id)
        if question.derives:
            yield from _form(space, question, stored if isinstance(stored, Scores) else Scores())
        elif answers.is_known(question.id) and stored is not None:
            yield from _is(space.values[question.id], stored)


def _form(space: AnswerSpace, question: Question, scores: Scores) -> Iterator[BoolRef]:
    for derived in question.derives:
        points = scores.total if derived.item is None else scores.item(SAFETY_ITEM)
        known = space.known[derived.id]
        yield Not(known) if points is None else known
        if points is not None:
            yield from _is(space.values[derived.id], points)


def _is(hidden: Hidden, value: Value) -> Iterator[BoolRef]:
    """That a value is this one, as far as conditions can tell."""
    if isinstance(value, int):
        for n, reached in hidden.at_least.items():
            yield reached if value >= n else Not(reached)
        return
    chosen = value if isinstance(value, tuple) else (value,)
    for name, option in hidden.options.items():
        yield option if name in chosen else Not(option)
