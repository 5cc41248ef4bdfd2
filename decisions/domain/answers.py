"""Answers: what was said to each question, read from plain data and never guessed.

"Not answered yet" (the question is not here) and "asked, not known" (UNKNOWN) stay
distinct to the last line of the letter. To the rules they mean the same.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cached_property

from decisions.domain.conditions import Condition, Fact, Facts, Missing, still_open
from decisions.domain.instruments import (
    Instrument,
    InstrumentError,
    Scores,
    score_items,
    score_total,
)
from decisions.domain.questionnaire import Derived, Question, Questionnaire, QuestionType
from decisions.domain.truth import Truth
from decisions.domain.values import Frozen

UNKNOWN = Missing.UNKNOWN
UNKNOWN_WORD = "unknown"
"""How "not known" is written in plain data."""

Value = int | str | tuple[str, ...] | Scores | Missing
"""A number, a value, several values in the order of the options, scores, or UNKNOWN."""


class AnswerProblem(ValueError):
    """An answer that the question does not take; the message says what to enter."""


class Problem(Frozen):
    """What was wrong with the answer to one question, or (None) with the whole."""

    question: str | None
    problem: str


class AnswersRefused(ValueError):
    """Answers of which at least one is wrong; `problems` names each."""

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        super().__init__("; ".join(f"{one.question}: {one.problem}" for one in problems))
        self.problems = problems


def read_answer(question: Question, raw: object) -> Value:
    """The answer in this plain (JSON) value; "unknown" reads as UNKNOWN.

    Raises AnswerProblem when the question does not take it.
    """
    if raw == UNKNOWN_WORD:
        if question.unknown:
            return UNKNOWN
        raise AnswerProblem("cannot be answered with unknown: leave it open instead")
    match question.type:
        case QuestionType.INTEGER:
            return _read_integer(question, raw)
        case QuestionType.CHOICE | QuestionType.YES_NO:
            return _read_choice(question, raw)
        case QuestionType.CHOICES:
            return _read_choices(question, raw)
        case QuestionType.INSTRUMENT:
            return _read_scores(question.instrument, raw)


def _is_integer(raw: object) -> bool:
    return isinstance(raw, int) and not isinstance(raw, bool)


def _read_integer(question: Question, raw: object) -> int:
    bounds = f"a whole number from {question.min} to {question.max}"
    if not isinstance(raw, int) or isinstance(raw, bool):
        raise AnswerProblem(f"must be {bounds}")
    if question.min is None or question.max is None or not question.min <= raw <= question.max:
        raise AnswerProblem(f"must be {bounds}")
    return raw


def _read_choice(question: Question, raw: object) -> str:
    if not isinstance(raw, str) or raw not in question.values:
        raise AnswerProblem(f"must be one of {_listed(question)}")
    return raw


def _read_choices(question: Question, raw: object) -> tuple[str, ...]:
    if not isinstance(raw, list):
        raise AnswerProblem(f"must be a list of none or some of {_listed(question)}")
    for value in raw:
        if not isinstance(value, str) or value not in question.values:
            raise AnswerProblem(f"every value of the list must be one of {_listed(question)}")
    if len(set(raw)) != len(raw):
        raise AnswerProblem("holds a value twice: name each once")
    return tuple(option.value for option in question.options if option.value in raw)


def _listed(question: Question) -> str:
    return ", ".join(option.value for option in question.choices)


_SHAPE = 'must be {"items": [...]} or {"total": n}'


def _read_scores(instrument: Instrument | None, raw: object) -> Scores:
    if instrument is None or not isinstance(raw, dict) or not raw:
        raise AnswerProblem(_SHAPE)
    if raw.keys() == {"items"}:
        return _read_items(instrument, raw["items"])
    has_item9 = any(item.safety_item for item in instrument.items)
    allowed = {"total", "item9"} if has_item9 else {"total"}
    if "total" not in raw or not raw.keys() <= allowed:
        raise AnswerProblem(f"{_SHAPE}, and nothing besides{' but item9' if has_item9 else ''}")
    if "item9" in raw and not _is_integer(raw["item9"]):
        raise AnswerProblem("item9 must be a whole number: leave it out where it is not known")
    return _read_total(instrument, raw["total"], raw.get("item9"))


def _read_items(instrument: Instrument, raw: object) -> Scores:
    if not isinstance(raw, list) or not all(one is None or _is_integer(one) for one in raw):
        raise AnswerProblem("items must be a list of whole numbers, null for one not answered")
    try:
        return score_items(instrument, tuple(raw))
    except InstrumentError as error:
        raise AnswerProblem(str(error)) from error


def _read_total(instrument: Instrument, total: object, item9: int | None) -> Scores:
    if not isinstance(total, int) or isinstance(total, bool):
        raise AnswerProblem("total must be a whole number")
    try:
        return score_total(instrument, total, item9)
    except InstrumentError as error:
        raise AnswerProblem(str(error)) from error


class Answers:
    """The answers of one case to one questionnaire. Immutable.

    Holds what was stored, whether or not it is asked now; `facts` is what the rules see.
    """

    def __init__(self, questionnaire: Questionnaire, values: Mapping[str, Value]) -> None:
        self.questionnaire = questionnaire
        self._values = dict(values)

    @classmethod
    def read(cls, questionnaire: Questionnaire, raw: Mapping[str, object]) -> Answers:
        """Answers from plain data: question id -> value; null is the same as no answer.

        Raises AnswersRefused, which names every wrong answer and not just the first.
        """
        problems = [
            Problem(question=name, problem="there is no question of this id")
            for name in raw
            if not questionnaire.has_question(name)
        ]
        values: dict[str, Value] = {}
        for question in questionnaire.questions:
            if raw.get(question.id) is None:
                continue
            try:
                values[question.id] = read_answer(question, raw[question.id])
            except AnswerProblem as error:
                problems.append(Problem(question=question.id, problem=str(error)))
        if problems:
            raise AnswersRefused(tuple(problems))
        return cls(questionnaire, values)

    @property
    def values(self) -> Mapping[str, Value]:
        """What was stored, by question id."""
        return self._values

    def get(self, question_id: str) -> Value | None:
        """The stored answer, UNKNOWN where it was answered so, None where there is none."""
        return self._values.get(question_id)

    def is_answered(self, question_id: str) -> bool:
        """Whether anything was answered, "not known" included."""
        return question_id in self._values

    def is_known(self, question_id: str) -> bool:
        """Whether a value was answered. A form of which no item is answered says nothing."""
        value = self._values.get(question_id, UNKNOWN)
        if isinstance(value, Scores):
            return value.total is not None or value.items_answered > 0
        return value is not UNKNOWN

    def is_complete(self, question_id: str) -> bool:
        """Whether the question is done: answered, or said to be not known; a form with a total."""
        value = self._values.get(question_id)
        return value.total is not None if isinstance(value, Scores) else value is not None

    @cached_property
    def _evaluated(self) -> tuple[dict[str, Fact], dict[str, Truth]]:
        facts: dict[str, Fact] = {}
        asked: dict[str, Truth] = {}
        for question, first in self.questionnaire.asked_alike:
            if question is first:
                asked[question.id] = _is_asked(question, facts)
            truth = asked[question.id] = asked[first.id]
            value = self._values.get(question.id, UNKNOWN)
            if truth is Truth.TRUE and type(value) in _AS_THEY_ARE:
                facts[question.id] = value  # type: ignore[assignment]
            else:
                facts.update(facts_of(question, _seen(value, truth)))
        return facts, asked

    def _add_facts(self, question: Question, asked: Truth, facts: dict[str, Fact]) -> None:
        facts.update(facts_of(question, _seen(self._values.get(question.id, UNKNOWN), asked)))

    def facts_with(
        self, values: Mapping[str, Value], touched: Iterable[Question]
    ) -> dict[str, Fact]:
        """The facts as they would be with other answers to some questions.

        touched: these questions and every question whose `ask_when` speaks of one of them,
        directly or in turn, in evaluation order.
        """
        facts = dict(self.facts)
        for question in touched:
            value = values.get(question.id, self._values.get(question.id, UNKNOWN))
            facts.update(facts_of(question, _seen(value, _is_asked(question, facts))))
        return facts

    @property
    def facts(self) -> Mapping[str, Fact]:
        """What conditions see: every question and derived value, with what is missing and why."""
        return self._evaluated[0]

    @property
    def asked(self) -> Mapping[str, Truth]:
        """Question id -> whether it is asked: UNKNOWN while its `ask_when` is."""
        return self._evaluated[1]

    def is_asked(self, question_id: str) -> bool:
        """Whether the question is definitely asked now."""
        return self.asked[question_id] is Truth.TRUE

    def waits_for(self, condition: Condition) -> tuple[str, ...]:
        """The unanswered questions that can still make a condition true or false, in order.

        Where it is not known whether a question is asked, the questions that decide this come
        first; the question itself follows only if its answer would matter once it is asked.
        """
        now = still_open(condition, self.facts, self._deciding)
        once_asked = still_open(condition, self._facts_once_asked, self._itself)
        return self.questionnaire.in_order(now | once_asked)

    def _itself(self, name: str) -> frozenset[str]:
        return frozenset({self.questionnaire.owner_of(name).id})

    def _deciding(self, name: str) -> frozenset[str]:
        """The question behind an unknown fact, or those that decide whether it is asked."""
        question = self.questionnaire.owner_of(name)
        if question.ask_when is None or self.asked[question.id] is Truth.TRUE:
            return self._itself(name)
        return still_open(question.ask_when, self.facts, self._deciding)

    @cached_property
    def _facts_once_asked(self) -> dict[str, Fact]:
        """The facts as they would be if every question that may be asked were asked."""
        facts = dict(self.facts)
        for question in self.questionnaire.questions:
            if self.asked[question.id] is Truth.UNKNOWN:
                self._add_facts(question, Truth.TRUE, facts)
        return facts


_AS_THEY_ARE = frozenset({int, str})
"""The types of answers that conditions see as they were given."""


def _is_asked(question: Question, facts: Facts) -> Truth:
    return Truth.TRUE if question.ask_when is None else question.ask_when.evaluate(facts)


def _seen(value: Value, asked: Truth) -> Value:
    """What the rules see of an answer: nothing of one to a question that is not asked."""
    match asked:
        case Truth.TRUE:
            return value
        case Truth.FALSE:
            return Missing.NOT_APPLICABLE
        case Truth.UNKNOWN:
            return UNKNOWN


def facts_of(question: Question, value: Value) -> dict[str, Fact]:
    """What conditions see of one answer: the question itself and the values derived from it."""
    facts: dict[str, Fact] = {
        derived.id: _derived_fact(derived, value) for derived in question.derives
    }
    if isinstance(value, Scores):
        says_something = value.total is not None or value.items_answered > 0
        facts[question.id] = "answered" if says_something else UNKNOWN
    else:
        facts[question.id] = frozenset(value) if isinstance(value, tuple) else value
    return facts


def _derived_fact(derived: Derived, value: Value) -> Fact:
    if isinstance(value, Missing):
        return value
    if not isinstance(value, Scores):
        return UNKNOWN
    points = value.total if derived.item is None else value.item(derived.item)
    return UNKNOWN if points is None else points
