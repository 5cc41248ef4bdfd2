"""From cases to columns: answers that were read already, or plain data as it is stored.

Both ways number the different answers of a question in the order in which they are met, and
look at each of them once: with `read_answer` and `facts_of`, as a single case is read.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from decisions.rules.engine.columns import MISSING_FACTS, Column, Columns, Places
from decisions.rules.logic.conditions import Fact
from decisions.rules.questionnaire.answer_values import (
    UNKNOWN,
    AnswerProblem,
    Value,
    facts_of,
    read_answer,
)
from decisions.rules.questionnaire.answers import Answers, AnswersRefused, Problem
from decisions.rules.questionnaire.questionnaire import Question, Questionnaire

PlainAnswers = Mapping[str, object]
"""Question id -> plain (JSON) value, as in a line of `manage.py decide`."""


def columns_of(questionnaire: Questionnaire, cases: Sequence[Answers]) -> Columns:
    """What these cases stored, in columns; `Columns.as_asked` is what conditions see of it."""
    stored = [case.values for case in cases]
    by_id: dict[str, Column] = {}
    for question in questionnaire.questions:
        numbers, name = _Numbers(), question.id
        given = [one.get(name) for one in stored]
        places = _places(map(numbers.__getitem__, given), len(given))
        by_id |= _columns(question, numbers, places)
    return Columns(len(cases), by_id)


@dataclass(frozen=True, slots=True)
class PlainColumns:
    """Plain cases in columns, without those that the questionnaire refuses.

    kept: for each case of `columns`, its place among the plain cases. refused: place of a
    plain case -> everything that is wrong with its answers.
    """

    columns: Columns
    kept: Places
    refused: Mapping[int, tuple[Problem, ...]]


def columns_of_plain(questionnaire: Questionnaire, cases: Sequence[PlainAnswers]) -> PlainColumns:
    """Columns of plain cases; nothing is guessed of a case that cannot be read."""
    ids = {question.id for question in questionnaire.questions}
    refused = {place for place, case in enumerate(cases) if not case.keys() <= ids}
    by_id: dict[str, Column] = {}
    for question in questionnaire.questions:
        reader, name = _Reader(question), question.id
        places = _places(reader.numbers([one.get(name) for one in cases]), len(cases))
        if reader.refused:
            refused.update(np.flatnonzero(np.isin(places, reader.refused)).tolist())
        by_id |= _columns(question, reader.read, places)
    kept = np.array([n for n in range(len(cases)) if n not in refused], dtype=np.intp)
    columns = Columns(len(cases), by_id)
    return PlainColumns(
        columns=columns.taken(kept) if refused else columns,
        kept=kept,
        refused={place: _problems(questionnaire, cases[place]) for place in sorted(refused)},
    )


def _problems(questionnaire: Questionnaire, case: PlainAnswers) -> tuple[Problem, ...]:
    try:
        Answers.read(questionnaire, case)
    except AnswersRefused as error:
        return error.problems
    raise AssertionError("a case was refused in columns and taken alone")


class _Numbers(dict[Value | None, int]):
    """Numbers different answers from 0 on, in the order in which they are met."""

    def __missing__(self, value: Value | None) -> int:
        number = self[value] = len(self)
        return number


_ALONE = frozenset({str, int, type(None)})
"""The types whose values stand for themselves. True is no int here: its type is another."""


class _Reader(dict[object, int]):
    """Numbers the different plain answers to one question, and reads each of them once.

    read: the answer of each number. refused: the numbers of what the question does not take.
    """

    def __init__(self, question: Question) -> None:
        super().__init__()
        self.read: list[Value] = []
        self.refused: list[int] = []
        self._question = question
        self._numbers_of_others: dict[str, int] = {}

    def numbers(self, given: list[object]) -> list[int]:
        """The number of each answer."""
        return [self[raw] if type(raw) in _ALONE else self._number_of_other(raw) for raw in given]

    def __missing__(self, raw: object) -> int:
        number = self[raw] = self._next_number(raw)
        return number

    def _number_of_other(self, raw: object) -> int:
        # Representations tell values apart where equality does not, and lists have one.
        key = repr(raw)
        if key not in self._numbers_of_others:
            self._numbers_of_others[key] = self._next_number(raw)
        return self._numbers_of_others[key]

    def _next_number(self, raw: object) -> int:
        self.read.append(self._read(raw))
        return len(self.read) - 1

    def _read(self, raw: object) -> Value:
        if raw is None:
            return UNKNOWN
        try:
            return read_answer(self._question, raw)
        except AnswerProblem:
            self.refused.append(len(self.read))
            return UNKNOWN


def _places(numbers: Iterable[int], count: int) -> Places:
    return np.fromiter(numbers, dtype=np.intp, count=count)


def _columns(
    question: Question, values: Iterable[Value | None], numbers: Places
) -> dict[str, Column]:
    """The columns of one question and of what is derived from it.

    values: its different answers, None for no answer; numbers: which of them each case gave.
    """
    facts = [facts_of(question, UNKNOWN if value is None else value) for value in values]
    names = [question.id, *(derived.id for derived in question.derives)]
    return {name: _column([one[name] for one in facts], numbers) for name in names}


def _column(facts: list[Fact], numbers: Places) -> Column:
    place_of: dict[Fact, int] = {fact: place for place, fact in enumerate(MISSING_FACTS)}
    for fact in facts:
        place_of.setdefault(fact, len(place_of))
    places = _places((place_of[fact] for fact in facts), len(facts))
    return Column(tuple(place_of), places[numbers])
