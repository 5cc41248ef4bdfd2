"""The next questions of the short path on one page, for whom each card would be a page: without
JavaScript. They are saved as a section saves them, and what is left open is asked again."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import QueryDict

from decisions.cases.case_file import CaseFile
from decisions.cases.path.cards import Asked, card_questions
from decisions.cases.path.presenters import Path
from decisions.cases.path.saving import as_fields, ask_for_item9
from decisions.cases.section.controls import is_posted
from decisions.cases.section.presenters import present_question
from decisions.cases.section.question_view import QuestionView
from decisions.cases.section.saving import Posted, save_posted
from kapnet.core.people.models import User

CARDS_A_PAGE = 5


@dataclass(frozen=True)
class Several:
    """A page of questions: first what could not be saved, then what comes next on the path."""

    path: Path
    questions: tuple[Asked, ...]

    @property
    def problems(self) -> tuple[QuestionView, ...]:
        """What could not be saved as it was typed."""
        return tuple(one.view for one in self.questions if one.view.problem)

    @property
    def conflicts(self) -> tuple[QuestionView, ...]:
        """What somebody else answered, too."""
        return tuple(one.view for one in self.questions if one.view.conflict)

    @property
    def with_day(self) -> frozenset[str]:
        """The questions beside which the day is asked: one of a card, for all of it."""
        card_of = self.path.file.edition.short_path.card_of
        dated = (one.view for one in self.questions if one.view.is_dated)
        return frozenset(view.id for view in dated if card_of(view.id)[0] == view.id)

    @property
    def ids(self) -> frozenset[str]:
        """The questions on this page."""
        return frozenset(one.view.id for one in self.questions)


def present_several(path: Path, posted: Posted | None = None) -> Several:
    """The next page of a path; without questions where nothing more is asked."""
    kept = posted.kept if posted else {}
    cards: dict[str, None] = {}
    for name in (*kept, *path.next):
        cards.setdefault(path.file.edition.short_path.card_of(name)[0])
    questions = [
        question
        for first in list(cards)[: max(CARDS_A_PAGE, len(kept))]
        for question in card_questions(path.file, first)
    ]
    views = [present_question(path.file, one, kept.get(one.id)) for one in questions]
    return Several(path, tuple(Asked(view) for view in views))


def save_several(*, file: CaseFile, post: QueryDict, actor: User) -> Posted:
    """Save what was answered of a page; what was left empty stays open."""
    questions = tuple(one for one in file.edition.questionnaire.questions if is_posted(one, post))
    fields = post
    for first in {file.edition.short_path.card_of(one.id)[0] for one in questions}:
        fields = as_fields(card_questions(file, first), fields)
    posted = save_posted(file=file, questions=questions, post=fields, actor=actor)
    ask_for_item9(posted, questions, fields)
    return posted
