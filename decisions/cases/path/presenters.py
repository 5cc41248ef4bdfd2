"""The short path: one card a question, and the answer so far beside it."""

from __future__ import annotations

from collections.abc import Container, Iterable
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache

from django.urls import reverse
from django.utils import timezone

from decisions.cases.actions import AGE
from decisions.cases.case_file import CaseFile
from decisions.cases.decision.option_columns import marker_of
from decisions.cases.page_frame import ActFirst, act_first
from decisions.cases.section.controls import NONE_OF_THESE
from decisions.cases.section.presenters import present_question
from decisions.cases.section.question_view import QuestionView
from decisions.cases.section.saving import Kept
from decisions.documents.words.reading import result_words
from decisions.rules.engine.edition import Edition
from decisions.rules.questionnaire.answer_values import UNKNOWN
from decisions.rules.questionnaire.answers import Answers
from decisions.rules.questionnaire.questionnaire import Question, QuestionType
from decisions.rules.sensitivity.short_path import (
    ShortPath,
    open_for,
    robustness_of_nothing,
    short_path,
)
from evidence.domain.entries import EvidenceBase

MOST_DIGITS = 9


@dataclass(frozen=True)
class Row:
    """One answer of a card. digit: the key that picks it; empty where there are too many."""

    value: str
    label: str
    digit: str
    is_chosen: bool


@dataclass(frozen=True)
class OptionLine:
    """One option on one line: its marker and the word of its verdict."""

    option: str
    marker: str
    word: str


@dataclass(frozen=True)
class Path:
    """Where a case is on the short path.

    ask: the readers whose questions are asked, too. several: with several questions on a page.
    """

    file: CaseFile
    ask: str
    several: bool = False

    @cached_property
    def way(self) -> ShortPath:
        """What is asked next, and what may come after it."""
        file = self.file
        if not self.ask:
            return file.reckoning.path
        return short_path(
            file.edition,
            file.answers,
            file.evidence,
            robustness=file.reckoning.robustness,
            also=frozenset(one.id for one in open_for(file.answers, self.ask)),
        )

    @property
    def more(self) -> int:
        """The most cards that can still come. It never grows while answers are added."""
        return self.file.edition.short_path.cards(self.way.to_come)

    @cached_property
    def most(self) -> int:
        """The most cards of any case of this edition."""
        return max(_most(self.file.edition, self.file.evidence), self.more)

    @property
    def done(self) -> int:
        """How far the bar is."""
        return self.most - self.more

    def url(self, question_id: str = "") -> str:
        """The address of a card, or of the next page."""
        name = "cases:several" if self.several else "cases:path"
        args: list[object] = [self.file.case.pk]
        if question_id:
            name, args = "cases:card", [*args, question_id]
        return reverse(name, args=args) + (f"?ask={self.ask}" if self.ask else "")

    @property
    def several_url(self) -> str:
        """The address of the next questions on one page."""
        return Path(self.file, self.ask, several=True).url()

    @property
    def options(self) -> tuple[OptionLine, ...]:
        """The options in their fixed order."""
        words, shown = result_words(self.file.edition.id).shown_as, self.file.shown
        return tuple(
            OptionLine(
                option, marker_of(shown.shown_as(option), one), words[shown.shown_as(option)]
            )
            for option, one in shown.options.items()
        )

    @property
    def first_course(self) -> bool:
        """Whether TMS would be the first course."""
        return self.file.outcome.first_course

    @property
    def before_all(self) -> int:
        """The most cards that can still come before the therapist may stop. It never grows, too."""
        return self.file.edition.short_path.cards(self.way.before_all)


def asked_too(file: CaseFile, ask: str) -> str:
    """The reader whose questions the therapist asks all the same; empty for nobody."""
    return ask if ask in file.edition.short_path.cleared_by else ""


def first_beside(path: Path, shown: Container[str]) -> ActFirst:
    """The notice; what it asks for is answered by its card, beside which it leads nowhere else."""
    notice = act_first(path.file)
    if notice.answer is None:
        return notice
    if notice.answer.id in shown:
        return replace(notice, answer=None, is_answered_here=True)
    return replace(notice, answer=replace(notice.answer, url=path.url(notice.answer.id)))


@lru_cache(maxsize=8)
def _most(edition: Edition, evidence: EvidenceBase) -> int:
    nothing, found = Answers(edition.questionnaire, {}), robustness_of_nothing(edition, evidence)
    way = short_path(edition, nothing, evidence, robustness=found)
    return edition.short_path.cards(way.to_come)


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
    def is_pressed(self) -> bool:
        """Whether one press answers it, so that it needs no further button."""
        one = self.questions[0]
        return len(self.questions) == 1 and one.view.type in ("choice", "yes_no")

    @property
    def takes_unknown(self) -> bool:
        """Whether "not known to me" is an answer."""
        return all(one.view.question.unknown for one in self.questions)

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


def present_card(path: Path, question_id: str, kept: dict[str, Kept] | None = None) -> Card:
    """A card; `kept` holds what could not be saved."""
    questions = card_questions(path.file, question_id)
    views = [present_question(path.file, one, (kept or {}).get(one.id)) for one in questions]
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
