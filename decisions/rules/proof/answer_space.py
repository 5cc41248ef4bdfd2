"""Every admissible answer to every question, as variables that a solver may choose.

A question has a value, known or not: what is not known is a value all the same, only hidden.
A value is cut into what conditions can tell apart: a number into "at least n" for each
threshold n, a choice into one truth per option. Nothing else of a value can matter.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import pairwise, product

from z3 import And, AtMost, Bool, BoolRef, BoolVal, Implies, Not, Or

from decisions.rules.logic.conditions import (
    AtLeast,
    Atom,
    Below,
    In,
    Includes,
    Is,
    Leaf,
    Unanswered,
)
from decisions.rules.questionnaire.instruments import SAFETY_ITEM, Instrument
from decisions.rules.questionnaire.questionnaire import Question, Questionnaire, QuestionType


@dataclass(frozen=True)
class Hidden:
    """The value of one question or derived value, whether or not it is known.

    options: which options are chosen, exactly one of a single choice. at_least: whether a number
    is this or more, for each threshold within its range, from low to high.
    """

    low: int = 0
    high: int = 0
    options: Mapping[str, BoolRef] = field(default_factory=dict)
    at_least: Mapping[int, BoolRef] = field(default_factory=dict)

    def reaches(self, number: int) -> BoolRef:
        """That the number is this or more."""
        if number <= self.low:
            return BoolVal(True)
        return BoolVal(False) if number > self.high else self.at_least[number]

    def meets(self, atom: Atom) -> BoolRef:
        """That the value meets an atom."""
        match atom:
            case AtLeast():
                return self.reaches(atom.number)
            case Below():
                return Not(self.reaches(atom.number))
            case Is() if isinstance(atom.value, int):
                return And(self.reaches(atom.value), Not(self.reaches(atom.value + 1)))
            case Is() if isinstance(atom.value, frozenset):
                return And([o if v in atom.value else Not(o) for v, o in self.options.items()])
            case In():
                return Or([self.options[value] for value in sorted(atom.values)])
            case Is() | Includes():
                return self.options[str(atom.value)]


class AnswerSpace:
    """Variables for the answers to a questionnaire, and what makes them admissible.

    leaves: the atoms that tell answers apart. name: parts one case from another.
    values: question or derived id -> its hidden value. known: the same id -> whether it is known.
    """

    def __init__(self, questionnaire: Questionnaire, leaves: Iterable[Leaf], name: str) -> None:
        self.questionnaire = questionnaire
        self.name = name
        self._thresholds = _thresholds(leaves)
        self.values: dict[str, Hidden] = {}
        self.known: dict[str, BoolRef] = {}
        self.admissible: list[BoolRef] = []
        for question in questionnaire.questions:
            self._add(question)

    def _add(self, question: Question) -> None:
        self.known[question.id] = self._variable("known", question.id)
        match question.type:
            case QuestionType.INTEGER:
                low, high = question.min or 0, question.max or 0
                self.values[question.id] = self._number(question.id, low, high)
            case QuestionType.CHOICE | QuestionType.YES_NO:
                chosen = self._options(question)
                self.admissible += [Or(chosen), AtMost(*chosen, 1)]
            case QuestionType.CHOICES:
                self._options(question)
            case QuestionType.INSTRUMENT if question.instrument is not None:
                self._add_form(question, question.instrument)

    def _variable(self, *words: object) -> BoolRef:
        return Bool(" ".join([self.name, *(str(word) for word in words)]))

    def _options(self, question: Question) -> list[BoolRef]:
        options = {
            one.value: self._variable(question.id, "is", one.value) for one in question.choices
        }
        self.values[question.id] = Hidden(options=options)
        return list(options.values())

    def _number(self, name: str, low: int, high: int) -> Hidden:
        thresholds = [n for n in self._thresholds.get(name, ()) if low < n <= high]
        at_least = {n: self._variable(name, "at least", n) for n in thresholds}
        self.admissible += [
            Implies(at_least[more], at_least[less]) for less, more in pairwise(thresholds)
        ]
        return Hidden(low=low, high=high, at_least=at_least)

    def _add_form(self, question: Question, instrument: Instrument) -> None:
        """A form: its total and its safety item, and how much of it may be known.

        Either may be known without the other: a total copied without its items, or a form in
        part. A form says something while any of it is known, and may do so by other items.
        """
        if not all(one.item in (None, SAFETY_ITEM) for one in question.derives):
            raise ValueError(f"{question.id}: only a total and item {SAFETY_ITEM} can be proved")
        for one in question.derives:
            self.values[one.id] = self._number(one.id, *one.range)
            self.known[one.id] = self._variable("known", one.id)
            self.admissible.append(Implies(self.known[one.id], self.known[question.id]))
        possible = {self._classes(question, form) for form in forms_of(question, instrument)}
        for classes in product(*(classes_of(self.values[one.id]) for one in question.derives)):
            if classes not in possible:
                self.admissible.append(Not(self._is_of(question, classes)))

    def _classes(self, question: Question, form: Form) -> tuple[int, ...]:
        return tuple(class_of(self.values[name], points) for name, points in form.items())

    def _is_of(self, question: Question, classes: tuple[int, ...]) -> BoolRef:
        derived = zip(question.derives, classes, strict=True)
        return And([self.within(one.id, start) for one, start in derived])

    def within(self, name: str, start: int) -> BoolRef:
        """That a number is of the class that begins at `start`."""
        value = self.values[name]
        ends = [n for n in value.at_least if n > start]
        below = Not(value.reaches(ends[0])) if ends else BoolVal(True)
        return And(value.reaches(start), below)


def _thresholds(leaves: Iterable[Leaf]) -> dict[str, list[int]]:
    """Id -> the numbers from which on an atom begins or ceases to hold, from low to high."""
    found: dict[str, set[int]] = {}
    for leaf in leaves:
        match leaf:
            case AtLeast() | Below():
                found.setdefault(leaf.question, set()).add(leaf.number)
            case Is() if isinstance(leaf.value, int):
                found.setdefault(leaf.question, set()).update((leaf.value, leaf.value + 1))
            case Is() | In() | Includes() | Unanswered():
                pass
    return {name: sorted(numbers) for name, numbers in found.items()}


def classes_of(value: Hidden) -> list[int]:
    """Where each class of a number begins: its least value and every threshold."""
    return [value.low, *value.at_least]


def class_of(value: Hidden, number: int) -> int:
    """Where the class of a number begins."""
    return max(start for start in classes_of(value) if start <= number)


Form = Mapping[str, int]
"""Total and safety item of one form, by the ids of these derived values, in points."""


def forms_of(question: Question, instrument: Instrument) -> Iterator[Form]:
    """Every total with every safety item that it allows."""
    for points in product(*(range(one.range[0], one.range[1] + 1) for one in question.derives)):
        by_item = dict(zip((one.item for one in question.derives), points, strict=True))
        item = by_item.get(SAFETY_ITEM, 0)
        others = instrument.highest * (len(instrument.items) - (SAFETY_ITEM in by_item))
        if item <= by_item.get(None, item) <= item + others:
            yield {one.id: n for one, n in zip(question.derives, points, strict=True)}
