"""Answer classes: the answers to a question that no condition tells apart.

A number from 50 to 300 that is only ever compared with 141 and 181 has three classes. Whatever
is true of one answer of a class is true of all of them, so looking at every class is looking
at every answer.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import lru_cache
from itertools import chain, combinations
from typing import NamedTuple

from decisions.rules.logic.conditions import In, Includes, Is, Leaf, Unanswered
from decisions.rules.logic.thresholds import thresholds
from decisions.rules.logic.truth import Truth
from decisions.rules.questionnaire.answer_values import UNKNOWN, Value, facts_of
from decisions.rules.questionnaire.instruments import SAFETY_ITEM, Instrument, Scores
from decisions.rules.questionnaire.questionnaire import Question, Questionnaire, QuestionType

Signature = tuple[Truth, ...]
"""What is true of the atoms on a question while it is asked, in the order of its atoms."""


class AnswerClass(NamedTuple):
    """One class of answers: what is true of them, and one answer of the class."""

    signature: Signature
    example: Value


class AnswerClasses:
    """The answer classes of every question, as far as these atoms tell answers apart.

    with_unknown: whether "not known" is a class too, and so are forms known in part.
    """

    def __init__(
        self, questionnaire: Questionnaire, leaves: Iterable[Leaf], *, with_unknown: bool = False
    ) -> None:
        self.questionnaire = questionnaire
        self.with_unknown = with_unknown
        self._atoms: dict[str, list[Leaf]] = {one.id: [] for one in questionnaire.questions}
        for leaf in leaves:
            atoms = self._atoms[questionnaire.owner_of(leaf.question).id]
            if leaf not in atoms:
                atoms.append(leaf)
        self._classes: dict[str, tuple[AnswerClass, ...]] = {}
        self._masks: dict[tuple[Leaf, Truth], int] = {}

    def _answers_to(self, question: Question) -> Iterator[Value]:
        yield from _known_answers_to(question, self._atoms[question.id])
        if self.with_unknown:
            if question.instrument is not None:
                yield from _in_part(question.instrument)
            yield UNKNOWN

    def of(self, question_id: str) -> tuple[AnswerClass, ...]:
        """The classes of a question, each with a different signature."""
        if question_id not in self._classes:
            question = self.questionnaire.question(question_id)
            self._classes[question_id] = self._sorted_out(question, self._answers_to(question))
        return self._classes[question_id]

    def mask(self, leaf: Leaf, truth: Truth) -> int:
        """The classes in which an atom is of this truth: bit n stands for class n."""
        if (leaf, truth) not in self._masks:
            self._masks[leaf, truth] = self._mask(leaf, truth)
        return self._masks[leaf, truth]

    def _mask(self, leaf: Leaf, truth: Truth) -> int:
        question_id = self.questionnaire.owner_of(leaf.question).id
        place = self._atoms[question_id].index(leaf)
        classes = self.of(question_id)
        return sum(1 << n for n, one in enumerate(classes) if one.signature[place] is truth)

    def left_open(self, question_id: str, stored: Value | None) -> tuple[int, ...] | None:
        """The classes that a completion can give a question with this answer; None for all.

        One for a known answer; those that agree with what is known for a form that was answered
        in part; all of them where nothing is known.
        """
        if stored is None or stored is UNKNOWN:
            return None
        return _left_open(self, question_id, stored)

    def agreeing_with(self, question_id: str, scores: Scores) -> tuple[int, ...]:
        """The classes of every form that fills in what these scores leave open."""
        question = self.questionnaire.question(question_id)
        forms = completions(question.instrument, scores) if question.instrument else ()
        possible = {self._signature(question, form) for form in forms}
        classes = enumerate(self.of(question_id))
        return tuple(n for n, one in classes if one.signature in possible)

    def place_of(self, question_id: str, value: Value) -> int:
        """The class of one answer to a question."""
        return self._place(self.questionnaire.question(question_id), value)

    def learned_from(self, question_id: str, answer_class: int) -> Iterator[int]:
        """The classes that say all that this one says, and more."""
        before = self.of(question_id)[answer_class].signature
        atoms = self._atoms[question_id]
        for n, one in enumerate(self.of(question_id)):
            turns = zip(atoms, before, one.signature, strict=True)
            if n != answer_class and all(_may_turn(*turn) for turn in turns):
                yield n

    def _place(self, question: Question, value: Value) -> int:
        wanted = self._signature(question, value)
        return next(n for n, one in enumerate(self.of(question.id)) if one.signature == wanted)

    def _signature(self, question: Question, value: Value) -> Signature:
        facts = facts_of(question, value)
        return tuple(leaf.evaluate(facts) for leaf in self._atoms[question.id])

    def _sorted_out(self, question: Question, answers: Iterable[Value]) -> tuple[AnswerClass, ...]:
        found: dict[Signature, Value] = {}
        for value in answers:
            found.setdefault(self._signature(question, value), value)
        return tuple(AnswerClass(signature, value) for signature, value in found.items())


@lru_cache(maxsize=1 << 14)  # the same few answers come again and again
def _left_open(classes: AnswerClasses, question_id: str, stored: Value) -> tuple[int, ...]:
    if isinstance(stored, Scores):
        return classes.agreeing_with(question_id, stored)
    return (classes.place_of(question_id, stored),)


def _may_turn(leaf: Leaf, before: Truth, after: Truth) -> bool:
    """Whether an atom can be of one truth and of the other once more is known of the answer."""
    if isinstance(leaf, Unanswered):
        return after is Truth.FALSE or before is Truth.TRUE
    return before in (Truth.UNKNOWN, after)


def _known_answers_to(question: Question, atoms: list[Leaf]) -> Iterator[Value]:
    """Known answers to a question, at least one of each class."""
    match question.type:
        case QuestionType.INTEGER:
            yield from _numbers(question, atoms)
        case QuestionType.CHOICE | QuestionType.YES_NO:
            yield from (option.value for option in question.choices)
        case QuestionType.CHOICES:
            yield from _selections(question, atoms)
        case QuestionType.INSTRUMENT if question.instrument is not None:
            yield from completions(question.instrument, Scores())


def _numbers(question: Question, atoms: list[Leaf]) -> Iterator[int]:
    """The least number, and the first number on each side of every threshold."""
    if question.min is None or question.max is None:
        return
    starts = {question.min, *chain.from_iterable(thresholds(leaf) for leaf in atoms)}
    yield from sorted(n for n in starts if question.min <= n <= question.max)


def _selections(question: Question, atoms: list[Leaf]) -> Iterator[tuple[str, ...]]:
    """Every selection among the values that an atom names, and one value that none names."""
    named = frozenset(chain.from_iterable(_values(leaf) for leaf in atoms))
    values = [option.value for option in question.options]
    others = [value for value in values if value not in named][:1]
    told_apart = [value for value in values if value in named or value in others]
    for size in range(len(told_apart) + 1):
        yield from combinations(told_apart, size)


def _values(leaf: Leaf) -> frozenset[str]:
    match leaf:
        case Includes():
            return frozenset({leaf.value})
        case In():
            return leaf.values
        case Is() if isinstance(leaf.value, frozenset):
            return leaf.value
        case _:
            return frozenset()


def _in_part(instrument: Instrument) -> Iterator[Scores]:
    """Forms of which the total, the safety item, or both are not known."""
    low, high = instrument.range
    yield from (Scores(entered_total=total) for total in range(low, high + 1))
    nothing = [None] * len(instrument.items)
    yield Scores(items=(0, *nothing[1:]))
    if instrument.has_safety_item:
        for points in range(instrument.highest + 1):
            yield Scores(items=(*nothing[: SAFETY_ITEM - 1], points, *nothing[SAFETY_ITEM:]))


def completions(instrument: Instrument, scores: Scores) -> Iterator[Scores]:
    """Every way to complete a form, as far as its total and its safety item can tell.

    Scores() stands for a form of which nothing is known. Items that are known stay as they are;
    a total without item 9 takes every item 9 that it allows.
    """
    if scores.items is not None:
        yield from _filled_in(instrument, scores.items)
    elif scores.entered_total is not None:
        for item9 in _item9s(instrument, scores.entered_total, scores.entered_item9):
            yield Scores(entered_total=scores.entered_total, entered_item9=item9)
    else:
        low, high = instrument.range
        for total in range(low, high + 1):
            for item9 in _item9s(instrument, total, None):
                yield Scores(entered_total=total, entered_item9=item9)


def _item9s(instrument: Instrument, total: int, known: int | None) -> Iterable[int | None]:
    if known is not None or not instrument.has_safety_item:
        return (known,)
    _, high = instrument.range
    most = instrument.highest
    return range(max(0, total - (high - most)), min(most, total) + 1)


def _filled_in(instrument: Instrument, items: tuple[int | None, ...]) -> Iterator[Scores]:
    missing = [n for n, score in enumerate(items) if score is None]
    if not missing:
        yield Scores(items=items)
        return
    most = instrument.highest
    safety = SAFETY_ITEM - 1
    item9s = range(most + 1) if safety in missing else [None]
    others = [n for n in missing if n != safety]
    for item9 in item9s:
        for points in range(most * len(others) + 1):
            filled = list(items)
            for place, n in enumerate(others):
                filled[n] = min(most, max(0, points - most * place))
            if item9 is not None:
                filled[safety] = item9
            yield Scores(items=tuple(filled))
