"""A card of the short path: its questions with their answers, and the way back."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

from django.utils import timezone

from decisions.cases.actions import AGE
from decisions.cases.case_file import CaseFile
from decisions.cases.path.presenters import Path
from decisions.cases.section.controls import NONE_OF_THESE
from decisions.cases.section.presenters import NOTHING, present_question
from decisions.cases.section.question_view import QuestionView
from decisions.cases.section.saving import Kept
from decisions.cases.section.undoing import Previous
from decisions.rules.questionnaire.answer_values import UNKNOWN
from decisions.rules.questionnaire.questionnaire import Question, QuestionType

MOST_DIGITS = 9


@dataclass(frozen=True)
class Row:
    """One answer of a card. digit: the key that picks it; empty where there are too many."""

    value: str
    label: str
    digit: str
    is_chosen: bool


@dataclass(frozen=True)
class Asked:
    """One question of a card."""

    view: QuestionView

    @cached_property
    def rows(self) -> tuple[Row, ...]:
        """Its answers, in order; for several, "none of these" among them as the last."""
        shown = [(one.value, one.label, one.is_checked) for one in self.view.controls]
        if self.view.none_of_these:
            none = self.view.none_of_these
            shown.append((NONE_OF_THESE, none.label, none.is_checked))
        return tuple(
            Row(value, label, str(n) if n <= MOST_DIGITS else "", is_chosen)
            for n, (value, label, is_chosen) in enumerate(shown, start=1)
        )

    @property
    def takes_several(self) -> bool:
        """Whether several answers may be ticked."""
        return self.view.question.type is QuestionType.CHOICES

    @property
    def day(self) -> str:
        """The day in the control: as saved or typed, else today."""
        return self.view.filled.assessed_on or timezone.localdate().isoformat()


@dataclass(frozen=True)
class Card:
    """One question, or two that are asked together, with the way back."""

    path: Path
    questions: tuple[Asked, ...]
    back_url: str
    """The card before it; empty where there is none."""

    @property
    def id(self) -> str:
        """The first question, by which the card is addressed."""
        return self.questions[0].view.id

    @property
    def url(self) -> str:
        """Where its answers are posted to."""
        return self.path.url(self.id)

    @property
    def is_group(self) -> bool:
        """Whether one press says no to several questions."""
        return is_group(one.view.question for one in self.questions)

    @property
    def is_pressed(self) -> bool:
        """Whether one press answers it, so that it needs no further button."""
        one = self.questions[0]
        return len(self.questions) == 1 and one.view.type in ("choice", "yes_no")

    @property
    def takes_unknown(self) -> bool:
        """Whether "not known to me" answers all of it; each question of a group has its own."""
        return not self.is_group and all(one.view.question.unknown for one in self.questions)

    @property
    def is_unknown(self) -> bool:
        """Whether that is the answer now."""
        answers = self.path.file.answers
        known = (answers.get(one.view.id) for one in self.questions)
        return all(value is UNKNOWN for value in known) and not self.left

    @property
    def left(self) -> str:
        """To whom it was left, in words; empty where it was not."""
        left = self.questions[0].view.left
        return left.label if left else ""

    @property
    def problems(self) -> tuple[QuestionView, ...]:
        """What could not be saved as typed."""
        return tuple(one.view for one in self.questions if one.view.problem)


def card_questions(file: CaseFile, question_id: str) -> tuple[Question, ...]:
    """The questions of the card that a question is on, as far as they are asked."""
    edition = file.edition
    group = edition.short_path.card_of(question_id)
    asked = [name for name in group if name == question_id or file.answers.is_asked(name)]
    return tuple(edition.questionnaire.question(name) for name in asked)


def is_group(questions: Iterable[Question]) -> bool:
    """Whether these are several questions that are answered by yes or no."""
    types = [one.type for one in questions]
    return len(types) > 1 and set(types) == {QuestionType.YES_NO}


def present_card(
    path: Path,
    question_id: str,
    kept: Mapping[str, Kept] = NOTHING,
    replaced: Mapping[str, Previous] = NOTHING,
) -> Card:
    """A card. kept: what could not be saved. replaced: what the last answers took the place of."""
    questions = card_questions(path.file, question_id)
    views = [
        present_question(path.file, one, kept.get(one.id), previous=replaced.get(one.id))
        for one in questions
    ]
    return Card(path, tuple(Asked(view) for view in views), back_from(path, questions))


def back_from(path: Path, questions: Iterable[Question]) -> str:
    """The card that was answered before this one for the first time; empty without one."""
    rows = path.file.rows
    here = {one.id for one in questions}
    place = min((rows[name].pk for name in here if name in rows), default=None)
    answered = [
        row
        for name, row in rows.items()
        if name not in here and _was_a_card(path.file, name) and (place is None or row.pk < place)
    ]
    if not answered:
        return ""
    last = max(answered, key=lambda row: row.pk)
    return path.url(path.file.edition.short_path.card_of(last.question)[0])


def _was_a_card(file: CaseFile, name: str) -> bool:
    """Whether it is asked and was answered by somebody, and not by a birth date or for a group."""
    answers = file.answers
    if name == AGE and file.case.date_of_birth:
        return False
    known = file.edition.questionnaire.has_question(name) and answers.is_answered(name)
    return known and answers.is_asked(name) and name not in answers.left
