"""The questionnaire: what is asked, of what type, and when."""

from __future__ import annotations

from enum import StrEnum
from functools import cached_property
from typing import Annotated, Self

from pydantic import Field, model_validator

from decisions.rules.logic.conditions import Condition, ids_in
from decisions.rules.logic.values import Frozen, Id, Text
from decisions.rules.questionnaire.instruments import Instrument


class QuestionType(StrEnum):
    """How a question is answered."""

    INTEGER = "integer"
    CHOICE = "choice"
    CHOICES = "choices"
    YES_NO = "yes_no"
    INSTRUMENT = "instrument"


class Option(Frozen):
    """One value that a question offers, and the words for it."""

    value: Id
    label: Text


YES, NO = Option(value="yes", label="Yes"), Option(value="no", label="No")


class Clearer(Frozen):
    """Who clears what a therapist need not ask: the prescriber, or the TMS provider."""

    id: Id
    name: Text


LEFT_TO = "left_to_"
"""How an answer begins, in plain data, that was left to a clearer: left_to_prescriber."""


class Derived(Frozen):
    """A value computed from an instrument: its total, or one of its items (`item`, from 1)."""

    id: Id
    range: tuple[int, int]
    item: int | None = None


class Question(Frozen):
    """One question. `unknown` says that "not known" is an answer; `optional` that it may stay open.

    min and max bound an integer, both included, in `unit`. `ask_when` None: always asked.
    `changeable` marks a circumstance that care can change. `cleared_by`: to whom it may be left;
    short_path.yaml says so, and as it decides nothing the digest of the edition leaves it out.
    """

    id: Id
    type: QuestionType
    ask: Text
    help: str | None = None
    unit: str | None = None
    min: int | None = None
    max: int | None = None
    unknown: bool = True
    optional: bool = False
    changeable: bool = False
    options: tuple[Option, ...] = ()
    ask_when: Condition | None = None
    instrument: Instrument | None = None
    derives: tuple[Derived, ...] = ()
    cleared_by: Clearer | None = Field(default=None, exclude=True)

    @model_validator(mode="after")
    def _fits_its_type(self) -> Self:
        is_integer = self.type is QuestionType.INTEGER
        if is_integer != (self.min is not None and self.max is not None):
            raise ValueError("min and max belong to an integer question, both of them")
        if self.min is not None and self.max is not None and self.min > self.max:
            raise ValueError("min must not be above max")
        if (self.type in {QuestionType.CHOICE, QuestionType.CHOICES}) != bool(self.options):
            raise ValueError("options belong to a choice or choices question, at least one")
        values = [option.value for option in self.options]
        if twice := sorted({value for value in values if values.count(value) > 1}):
            raise ValueError(f"option {', '.join(twice)} occurs twice: keep one")
        if "unknown" in values:
            raise ValueError("no option may be called unknown: that word means not known")
        if any(value.startswith(LEFT_TO) for value in values):
            raise ValueError(f"no option may begin with {LEFT_TO}: that means left to somebody")
        if (self.type is QuestionType.INSTRUMENT) != (self.instrument is not None):
            raise ValueError("an instrument belongs to an instrument question")
        if (self.type is QuestionType.INSTRUMENT) != bool(self.derives):
            raise ValueError("derives belongs to an instrument question")
        return self

    @property
    def left_word(self) -> str:
        """How an answer that was left to its clearer is written in plain data; else empty."""
        return f"{LEFT_TO}{self.cleared_by.id}" if self.cleared_by else ""

    @cached_property
    def fact_names(self) -> tuple[str, ...]:
        """What conditions can speak of: the question itself and what is derived from it."""
        return (self.id, *(derived.id for derived in self.derives))

    @cached_property
    def choices(self) -> tuple[Option, ...]:
        """The options that a form offers, for yes_no too; empty for numbers and instruments."""
        return (YES, NO) if self.type is QuestionType.YES_NO else self.options

    @cached_property
    def values(self) -> frozenset[str]:
        """The values of its choices."""
        return frozenset(option.value for option in self.choices)

    def label_of(self, value: str) -> str:
        """The words for one of its values. Raises KeyError for another value."""
        return {option.value: option.label for option in self.choices}[value]


class Section(Frozen):
    """Questions that are on one page, in order."""

    id: Id
    title: Text
    help: str | None = None
    questions: Annotated[tuple[Question, ...], Field(min_length=1)]


class Questionnaire(Frozen):
    """All sections and questions of an edition, in the order in which they are asked."""

    edition: Text
    sections: Annotated[tuple[Section, ...], Field(min_length=1)]

    @model_validator(mode="after")
    def _is_sound(self) -> Self:
        ids = [section.id for section in self.sections]
        ids += [question.id for question in self.questions]
        ids += [derived.id for question in self.questions for derived in question.derives]
        if twice := sorted({name for name in ids if ids.count(name) > 1}):
            raise ValueError(f"id {', '.join(twice)} occurs twice: rename one")
        return self

    @cached_property
    def questions(self) -> tuple[Question, ...]:
        """Every question, in order."""
        return tuple(question for section in self.sections for question in section.questions)

    @cached_property
    def _by_id(self) -> dict[str, Question]:
        return {question.id: question for question in self.questions}

    @cached_property
    def _order(self) -> dict[str, int]:
        return {question.id: place for place, question in enumerate(self.questions)}

    @cached_property
    def _section_by_question(self) -> dict[str, Section]:
        return {question.id: section for section in self.sections for question in section.questions}

    @cached_property
    def derived(self) -> dict[str, tuple[Question, Derived]]:
        """Derived id -> the question that it is computed from, and what it is."""
        return {
            derived.id: (question, derived)
            for question in self.questions
            for derived in question.derives
        }

    @cached_property
    def safety_question(self) -> Question | None:
        """The question whose form asks about death and self-harm."""
        return next(
            (one for one in self.questions if one.instrument and one.instrument.has_safety_item),
            None,
        )

    def has_question(self, question_id: str) -> bool:
        """Whether there is a question of this id; a derived value is none."""
        return question_id in self._by_id

    def question(self, question_id: str) -> Question:
        """The question of this id. Raises KeyError when there is none."""
        return self._by_id[question_id]

    def section(self, section_id: str) -> Section:
        """The section of this id. Raises KeyError when there is none."""
        return {section.id: section for section in self.sections}[section_id]

    def section_of(self, question_id: str) -> Section:
        """The section in which a question is asked."""
        return self._section_by_question[question_id]

    def owner_of(self, name: str) -> Question:
        """The question that a condition's id speaks of: itself, or the one it is derived from."""
        return self._by_id[name] if name in self._by_id else self.derived[name][0]

    def in_order(self, question_ids: frozenset[str] | set[str]) -> tuple[str, ...]:
        """These questions in the order in which they are asked."""
        return tuple(sorted(question_ids, key=self._order.__getitem__))

    @cached_property
    def evaluation_order(self) -> tuple[Question, ...]:
        """The questions, each after those that its `ask_when` speaks of.

        Raises ValueError when `ask_when` conditions form a circle.
        """
        ordered: dict[str, Question] = {}
        for question in self.questions:
            self._place(question, ordered, path=())
        return tuple(ordered.values())

    @cached_property
    def asked_alike(self) -> tuple[tuple[str, Question, str], ...]:
        """Each question in evaluation order: id, question, id of the first of that `ask_when`."""
        first: dict[Condition | None, str] = {}
        return tuple(
            (question.id, question, first.setdefault(question.ask_when, question.id))
            for question in self.evaluation_order
        )

    def _place(
        self, question: Question, ordered: dict[str, Question], path: tuple[str, ...]
    ) -> None:
        if question.id in ordered:
            return
        if question.id in path:
            circle = " -> ".join((*path[path.index(question.id) :], question.id))
            raise ValueError(f"ask_when goes round in a circle: {circle}; remove one of them")
        for name in sorted(ids_in(question.ask_when)):
            self._place(self.owner_of(name), ordered, (*path, question.id))
        ordered[question.id] = question
