"""What a clinician does with a patient's proposals: takes them over one by one, or leaves them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.db import transaction
from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone

from decisions.cases.actions import save_answer
from decisions.cases.case_columns import lock_open_case
from decisions.cases.case_events import record_case_event
from decisions.cases.case_file import CaseFile
from decisions.cases.models import Case
from decisions.cases.queries import file_of
from decisions.cases.question_links import QuestionLink, link_to
from decisions.cases.told import OpenEnd
from decisions.form_links.cards import is_taken
from decisions.form_links.models import WAITS, FormLink, Proposal
from decisions.rules.engine.answers_in_words import describe_answer
from decisions.rules.logic.plain_values import tidy
from decisions.rules.questionnaire.answer_values import UNKNOWN_WORD
from decisions.rules.questionnaire.questionnaire import Question, QuestionType
from kapnet.core.people.models import User

State = Proposal.State
NOT_KNOWN = "Not known"
YES_NO = {"yes": "Yes", "no": "No"}


class DecidedAlreadyError(Exception):
    """Somebody took it over, or left it, meanwhile."""


@dataclass(frozen=True)
class ProposalView:
    """A proposal beside the answer of the case.

    would: the answer that it would be; empty where the clinician has to choose one. now: as it is
    answered now; version: of that answer; is_answered_since: saved after the patient said it.
    """

    proposal: Proposal
    link: QuestionLink
    would: str
    now: str
    version: int
    is_answered_since: bool

    @property
    def is_said_already(self) -> bool:
        """Whether the case says the same."""
        return bool(self.now) and self.now == self.would

    @property
    def is_known(self) -> bool:
        """Whether it says something, and not that it is not known."""
        return self.would != NOT_KNOWN


def open_proposals_of(case: Case) -> QuerySet[Proposal]:
    """What nobody has taken over or left."""
    return Proposal.objects.filter(case=case, state=State.OPEN)


def links_and_statements(case: Case) -> Iterator[OpenEnd]:
    """A link that ends with the case or its therapist, and what nobody has taken over or left."""
    url = reverse("form_links:links", args=[case.pk])
    if FormLink.objects.filter(case=case, state__in=WAITS).exists():
        yield OpenEnd("The patient has a link to forms. It ends with this", url)
    if open_proposals_of(case).exists():
        yield OpenEnd("What the patient said by link waits", f"{url}#said")


def present_proposals(
    file: CaseFile, among: QuerySet[Proposal] | None = None
) -> Iterator[ProposalView]:
    """What waits in a case, of questions that its edition has. among: only some of it."""
    waiting = open_proposals_of(file.case) if among is None else among
    for one in waiting.select_related("link"):
        if not file.edition.questionnaire.has_question(one.question):
            continue
        question, row = (
            file.edition.questionnaire.question(one.question),
            file.rows.get(one.question),
        )
        would = ""
        if one.value is not None and is_taken(file.edition, one.question, one.value):
            would = _in_words(question, one.value)
        yield ProposalView(
            proposal=one,
            link=link_to(file, one.question),
            would=would,
            now=_answered(file, question),
            version=row.version if row else 0,
            is_answered_since=bool(row and row.saved_at > one.stated_at),
        )


def _in_words(question: Question, value: str) -> str:
    if value == UNKNOWN_WORD:
        return NOT_KNOWN
    return YES_NO[value] if question.type is QuestionType.YES_NO else question.label_of(value)


def _answered(file: CaseFile, question: Question) -> str:
    if not file.answers.is_answered(question.id):
        return ""
    return describe_answer(file.edition, question, file.answers).words


@transaction.atomic
def take_over(*, case: Case, proposal: Proposal, actor: User, version: int) -> None:
    """Answer the question with what the patient said, by the clinician, as of that day.

    version: of the answer that the clinician saw. Raises DecidedAlreadyError, CaseClosedError and
    AnswerConflictError.
    """
    case = lock_open_case(case)
    _decide(proposal, actor, State.TAKEN)
    save_answer(
        file=file_of(case),
        question_id=proposal.question,
        raw=tidy(proposal.value),
        version=version,
        actor=actor,
        assessed_on=timezone.localdate(proposal.stated_at),
    )
    record_case_event("proposal.taken", case, actor, proposal.pk, reason=proposal.link.reference)


@transaction.atomic
def leave(*, case: Case, proposal: Proposal, actor: User) -> None:
    """The clinician does not take it over. Raises DecidedAlreadyError and CaseClosedError."""
    case = lock_open_case(case)
    _decide(proposal, actor, State.LEFT)
    record_case_event("proposal.left", case, actor, proposal.pk, reason=proposal.link.reference)


def _decide(proposal: Proposal, actor: User, state: str) -> None:
    waiting = Proposal.objects.filter(pk=proposal.pk, state=State.OPEN)
    if not waiting.update(state=state, decided_at=timezone.now(), decided_by=actor):
        raise DecidedAlreadyError
