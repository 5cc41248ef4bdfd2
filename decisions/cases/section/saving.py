"""What a posted section makes: valid answers saved, the rest kept as typed and named."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from http import HTTPStatus

from django.http import QueryDict
from django.utils import timezone

from decisions.cases.actions import AnswerConflictError, save_answer
from decisions.cases.case_columns import CaseClosedError
from decisions.cases.case_file import CaseFile, Item9, item9_in
from decisions.cases.models import Answer
from decisions.cases.proposals import offer_for
from decisions.cases.safety.tasks import POSITIVE_ITEM9, raise_safety_task
from decisions.cases.section.controls import (
    Filled,
    Token,
    entered_item9,
    filled_by_answer,
    filled_by_post,
    is_posted,
    read_day,
    read_filled,
)
from decisions.cases.section.undoing import read_previous
from decisions.rules.questionnaire.answer_values import AnswerProblem, read_answer
from decisions.rules.questionnaire.questionnaire import Question
from kapnet.core.people.models import User
from kapnet.core.web.statuses import CONFLICT, UNPROCESSABLE

MOVED = (
    "Not saved: this case was moved to edition {edition} while the page was open. "
    "Load the page again, read the question, then answer"
)
OFFER_IS_GONE = "This is no longer offered: answer the question"
CLOSED = "Not saved: this case is closed. Reopen it on its page, then answer"


@dataclass(frozen=True)
class Kept:
    """An answer that is shown again: as typed, with what was wrong or who was faster.

    is_saved: nothing was wrong, and a part of it is asked about once more.
    """

    filled: Filled
    token: Token
    raw: object = None
    problem: str = ""
    theirs: Answer | None = None
    is_saved: bool = False


@dataclass
class Posted:
    """The case after a post, and by question what is shown again."""

    file: CaseFile
    kept: dict[str, Kept] = field(default_factory=dict)
    changed: set[str] = field(default_factory=set)
    filled: dict[str, Filled] = field(default_factory=dict)

    @property
    def problems(self) -> Mapping[str, str]:
        """Question id -> what is wrong with the answer to it."""
        return {name: kept.problem for name, kept in self.kept.items() if kept.problem}

    @property
    def has_conflicts(self) -> bool:
        """Whether somebody else answered one of the questions meanwhile."""
        return any(kept.theirs for kept in self.kept.values())

    @property
    def status(self) -> int:
        """The status of a page that shows what is kept."""
        if self.has_conflicts:
            return CONFLICT
        return HTTPStatus.OK if all(kept.is_saved for kept in self.kept.values()) else UNPROCESSABLE


def save_posted(
    *, file: CaseFile, questions: tuple[Question, ...], post: QueryDict, actor: User
) -> Posted:
    """Save every changed answer of a post. Nothing that is wrong keeps the rest from being saved.

    `clear`, `take`, `offered` and `undo` (with the `previous` answer) in the post name a question;
    `keep` names one with the version kept over;
    `edition` names that of the page: nothing is saved where the case was moved to another since.
    """
    posted = Posted(file)
    was_moved = post.get("edition", file.edition.id) != file.edition.id
    for question in questions:
        if not is_posted(question, post):
            continue
        if was_moved:
            _keep_one(posted, question, post)
        else:
            _save_one(posted, question, post, actor)
    return posted


def _keep_one(posted: Posted, question: Question, post: QueryDict) -> None:
    """What was typed on a page of another edition: shown again, to be read before it is saved."""
    filled = filled_by_post(question, post)
    token = Token.read(post.get(f"{question.id}.token", ""))
    if filled.digest != token.digest:
        told = MOVED.format(edition=posted.file.edition.id)
        posted.kept[question.id] = Kept(filled, token, problem=told)


def _save_one(posted: Posted, question: Question, post: QueryDict, actor: User) -> None:
    name = question.id
    if post.get("take") == name:
        return
    filled = filled_by_post(question, post)
    token = Token.read(post.get(f"{name}.token", ""))
    if post.get("clear") == name:
        filled = filled_by_answer(question, None, None)
    elif filled.digest == token.digest and name not in (post.get("undo"), post.get("offered")):
        return
    raw: object = None
    day = None
    try:
        if post.get("undo") == name:
            raw, day = read_previous(post.get("previous", ""))
            filled = filled_by_answer(question, _judged(question, raw), day)
        elif post.get("offered") == name:
            raw, day = _offered(posted.file, name, post)
            filled = filled_by_answer(question, _judged(question, raw), day)
        else:
            raw = read_filled(question, filled)
        saved = save_answer(
            file=posted.file,
            question_id=name,
            raw=raw,
            version=_version_kept_over(post, name) or token.version,
            actor=actor,
            assessed_on=day or _day_named(posted.file, name, filled),
        )
    except AnswerProblem as problem:
        posted.kept[name] = Kept(filled, token, problem=str(problem))
    except CaseClosedError:
        posted.kept[name] = Kept(filled, token, problem=CLOSED)
    except AnswerConflictError as conflict:
        posted.kept[name] = Kept(filled, token, raw=raw, theirs=conflict.theirs)
        posted.file = replace(posted.file, open_task=conflict.open_task)
    else:
        posted.file = saved.file
        posted.filled[name] = filled
        if saved.changed:
            posted.changed.add(name)
    _hear_item9(posted, question, filled, actor)


def _offered(file: CaseFile, name: str, post: QueryDict) -> tuple[object, date | None]:
    """What the record offers as the answer. Raises AnswerProblem where the page showed another."""
    offer = offer_for(file, name)
    if offer is None or offer.digest != post.get(f"{name}.offer"):
        raise AnswerProblem(OFFER_IS_GONE)
    return offer.value, offer.day


def _judged(question: Question, raw: object) -> object:
    """A plain answer that its question takes. Raises AnswerProblem."""
    read_answer(question, raw)
    return raw


def _hear_item9(posted: Posted, question: Question, filled: Filled, actor: User) -> None:
    """Raise the safety task by a positive item 9 that was entered and is in no stored answer."""
    points = entered_item9(question, filled)
    if points is None or points < POSITIVE_ITEM9:
        return
    kept = posted.kept.get(question.id)
    row = (kept and kept.theirs) or posted.file.rows.get(question.id)
    stored = item9_in(question, row) if row else None
    day = _day_entered(posted.file, filled)
    if stored and stored.points == points and day in (None, stored.day):
        return
    item9 = Item9(points, day or timezone.localdate())
    open_task = raise_safety_task(case=posted.file.case, item9=item9, actor=actor)
    posted.file = replace(posted.file, open_task=open_task)


def _day_entered(file: CaseFile, filled: Filled) -> date | None:
    """The day in the control; None where there is none that can be."""
    try:
        return read_day(filled, today=timezone.localdate(), born=file.case.date_of_birth)
    except AnswerProblem:
        return None


def _version_kept_over(post: QueryDict, name: str) -> int:
    """The version that a person saw and chose to replace, 0 when they did not."""
    kept, _, version = post.get("keep", "").partition("@")
    return Token.read(version).version if kept == name else 0


def _day_named(file: CaseFile, name: str, filled: Filled) -> date | None:
    """The day in the control, when it is another than the stored one."""
    day = read_day(filled, today=timezone.localdate(), born=file.case.date_of_birth)
    return day if day != file.assessed_on(name) else None
