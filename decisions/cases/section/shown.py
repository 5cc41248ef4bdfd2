"""Parts of a question as its template needs them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from decisions.cases.section.controls import NONE_OF_THESE
from decisions.rules.engine.answers_in_words import say_left
from decisions.rules.questionnaire.answer_values import UNKNOWN_WORD
from decisions.rules.questionnaire.questionnaire import Question, QuestionType
from kapnet.core.people.models import User

CHECKED = " checked"


@dataclass(frozen=True)
class Control:
    """One radio button or checkbox."""

    id: str
    value: str
    label: str
    is_checked: bool

    @property
    def checked(self) -> str:
        """What its element says besides where it is."""
        return CHECKED if self.is_checked else ""


class Controls:
    """The radio buttons or checkboxes of a question, in order."""

    question: Question

    def control(self, value: str, label: str) -> Control:
        """One of them."""
        raise NotImplementedError

    @property
    def is_left(self) -> bool:
        """Whether "left to who clears it" is the answer, or as typed."""
        raise NotImplementedError

    @cached_property
    def controls(self) -> tuple[Control, ...]:
        """Those of its options, without "not known"."""
        return tuple(self.control(one.value, one.label) for one in self.question.choices)

    @cached_property
    def none_of_these(self) -> Control | None:
        """The checkbox for "none of these"."""
        several = self.question.type is QuestionType.CHOICES
        return self.control(NONE_OF_THESE, "None of these") if several else None

    @cached_property
    def not_known(self) -> Control | None:
        """The control for "not known", where the question takes it."""
        return self.control(UNKNOWN_WORD, "Not known") if self.question.unknown else None

    @cached_property
    def left(self) -> Control | None:
        """The control for "left to who clears it"."""
        question = self.question
        return self.control(question.left_word, say_left(question)) if self.is_left else None


@dataclass(frozen=True)
class ItemRow:
    """One item of an instrument with its cells."""

    n: int
    text: str
    is_safety_item: bool
    cells: tuple[Control, ...]


@dataclass(frozen=True)
class Conflict:
    """Two answers to one question: mine as typed, theirs as stored."""

    mine: str
    theirs: str
    who: User
    when: str
    version: int
