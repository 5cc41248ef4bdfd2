"""The answer to one question: what can be said, read from plain data, and what rules see of it.

Nothing is guessed: whatever a question does not take is refused with what to enter instead.
"""

from __future__ import annotations

from decisions.rules.logic.conditions import Fact, Missing
from decisions.rules.questionnaire.instruments import (
    Instrument,
    InstrumentError,
    Scores,
    score_items,
    score_total,
)
from decisions.rules.questionnaire.questionnaire import Derived, Question, QuestionType

UNKNOWN = Missing.UNKNOWN
UNKNOWN_WORD = "unknown"
"""How "not known" is written in plain data."""

Value = int | str | tuple[str, ...] | Scores | Missing
"""A number, a value, several values in the order of the options, scores, or UNKNOWN."""


class AnswerProblem(ValueError):
    """An answer that the question does not take; the message says what to enter."""


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
    has_item9 = instrument.has_safety_item
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


def facts_of(question: Question, value: Value) -> dict[str, Fact]:
    """What conditions see of one answer: the question itself and the values derived from it."""
    facts: dict[str, Fact] = {
        derived.id: _derived_fact(derived, value) for derived in question.derives
    }
    if isinstance(value, Scores):
        facts[question.id] = "answered" if value.says_something else UNKNOWN
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
