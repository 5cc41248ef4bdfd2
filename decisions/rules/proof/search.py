"""Looking for a case in the answer space: a solver, and the answers that it finds."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from pydantic import JsonValue
from z3 import Bool, BoolRef, Implies, ModelRef, Not, Solver, is_true, sat, unknown

from decisions.rules.proof.answer_space import AnswerSpace, Form, Hidden, class_of, forms_of
from decisions.rules.proof.cases import SolverCase
from decisions.rules.questionnaire.instruments import SAFETY_ITEM, Instrument
from decisions.rules.questionnaire.questionnaire import Derived, Question, QuestionType

AnswersAsGiven = dict[str, JsonValue]
"""Answers in the form that `manage.py decide` reads."""


class SolverGaveUp(RuntimeError):
    """The solver could neither find a case nor prove that there is none."""


class Search:
    """One solver over an answer space; what it learns in one question helps in the next.

    spaces: more than one where two editions are compared that do not ask the same.
    """

    def __init__(self, *spaces: AnswerSpace) -> None:
        self._spaces = spaces
        self._solver = Solver()
        for space in spaces:
            self._solver.add(*space.admissible)
        self._asked = 0

    def let(self, *definitions: BoolRef) -> None:
        """What holds of further variables. It must leave every answer set possible."""
        self._solver.add(*definitions)

    def can_be(self, wanted: BoolRef) -> bool:
        """Whether this holds in some case."""
        return self._check(self._named(wanted)) is not None

    def _named(self, wanted: BoolRef) -> BoolRef:
        """A name for what is wanted, so that the solver keeps what it learned without it."""
        self._asked += 1
        name = Bool(f"wanted {self._asked}")
        self._solver.add(Implies(name, wanted))
        return name

    def _check(self, *wanted: BoolRef) -> ModelRef | None:
        result = self._solver.check(*wanted)
        if result == unknown:
            raise SolverGaveUp(self._solver.reason_unknown())
        return self._solver.model() if result == sat else None

    def find_smallest(self, wanted: BoolRef, fewest: Iterable[BoolRef] = ()) -> ModelRef | None:
        """Such a case of which nothing can be left out; None: there is no case.

        Left out are first as many as can be of `fewest`, then answers, then choices in an answer.
        """
        name = self._named(wanted)
        best = self._check(name)
        if best is None:
            return None
        left_out: list[BoolRef] = []
        for one in (*fewest, *self._answers(), *self._choices()):
            without = self._check(name, *left_out, Not(one)) if holds(best, one) else best
            if without is not None:
                best = without
                left_out.append(Not(one))
        return best

    def _answers(self) -> Iterator[BoolRef]:
        for space in self._spaces:
            yield from space.known.values()

    def _choices(self) -> Iterator[BoolRef]:
        for space in self._spaces:
            for question in space.questionnaire.questions:
                if question.type is QuestionType.CHOICES:
                    yield from space.values[question.id].options.values()


def holds(model: ModelRef, formula: BoolRef) -> bool:
    """Whether a formula is true of the case that was found."""
    return bool(is_true(model.eval(formula, model_completion=True)))


def answers_in(model: ModelRef, case: SolverCase) -> AnswersAsGiven:
    """The answers of a case that was found. What is not known is left out."""
    questions = case.questionnaire.questions
    known = [one for one in questions if holds(model, case.known[one.id])]
    return {one.id: _answer(model, case, one) for one in known}


def _answer(model: ModelRef, case: SolverCase, question: Question) -> JsonValue:
    match question.type:
        case QuestionType.INTEGER:
            return _number(model, case.values[question.id])
        case QuestionType.CHOICE | QuestionType.YES_NO:
            return _chosen(model, case.values[question.id])[0]
        case QuestionType.CHOICES:
            return list[JsonValue](_chosen(model, case.values[question.id]))
        case QuestionType.INSTRUMENT:
            assert question.instrument is not None  # noqa: S101 - the model sees to it
            return _form(model, case, question, question.instrument)


def _number(model: ModelRef, value: Hidden) -> int:
    """The number of the class that was found which is next to a threshold."""
    above = [n for n, reached in value.at_least.items() if not holds(model, reached)]
    return above[0] - 1 if above else max([value.low, *value.at_least])


def _chosen(model: ModelRef, value: Hidden) -> list[str]:
    return [name for name, chosen in value.options.items() if holds(model, chosen)]


def _form(
    model: ModelRef, case: SolverCase, question: Question, instrument: Instrument
) -> dict[str, JsonValue]:
    """A form as far as it is known: a total, a total with its safety item, or some items."""
    points = _points(model, case, question, instrument)
    known = {one.item: points[one.id] for one in question.derives if _is_known(model, case, one)}
    if None in known:
        item9 = {"item9": known[SAFETY_ITEM]} if SAFETY_ITEM in known else {}
        return {"total": known[None], **item9}
    items: list[JsonValue] = [None] * len(instrument.items)
    if SAFETY_ITEM in known:
        items[SAFETY_ITEM - 1] = known[SAFETY_ITEM]
    else:
        items[0] = 0
    return {"items": items}


def _is_known(model: ModelRef, case: SolverCase, derived: Derived) -> bool:
    return holds(model, case.known[derived.id])


def _points(model: ModelRef, case: SolverCase, question: Question, instrument: Instrument) -> Form:
    """The first form whose points are of the classes that were found."""
    values = {one.id: case.values[one.id] for one in question.derives}
    found = {name: class_of(value, _number(model, value)) for name, value in values.items()}
    return next(
        form
        for form in forms_of(question, instrument)
        if all(class_of(values[name], n) == found[name] for name, n in form.items())
    )
