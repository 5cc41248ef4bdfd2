"""What a clinician does with what other systems say: takes it over, or refuses it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

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
from decisions.fhir.received.models import ProposedAnswer
from decisions.rules.edition_answers import counts_under
from decisions.rules.engine.answers_in_words import describe_answer, say_plain
from decisions.rules.loading import load_edition
from decisions.rules.logic.plain_values import tidy
from decisions.rules.questionnaire.answer_values import UNKNOWN_WORD, AnswerProblem, read_answer
from kapnet.core.people.models import User

State = ProposedAnswer.State


class DecidedAlreadyError(Exception):
    """Somebody decided on one of them meanwhile."""


class TwoForOneQuestionError(Exception):
    """Two proposals of one question cannot both be its answer."""


@dataclass(frozen=True)
class ProposedView:
    """A proposal beside the answer of the case.

    would: the answer that it would be; empty where the clinician has to choose. now: as it is
    answered now, on which day; version: of that answer.
    """

    proposed: ProposedAnswer
    link: QuestionLink
    would: str
    now: str
    now_on: date | None
    version: int
    is_answered_since: bool

    @property
    def is_said_already(self) -> bool:
        """Whether the case says the same."""
        return bool(self.now) and self.now == self.would

    @property
    def is_known(self) -> bool:
        """Whether it says something, and not that it is not known."""
        return bool(self.proposed.value != UNKNOWN_WORD)


def open_in(case: Case) -> QuerySet[ProposedAnswer]:
    """What nobody has taken over or refused."""
    return ProposedAnswer.objects.filter(case=case, state=State.OPEN)


def said_elsewhere(case: Case) -> Iterator[OpenEnd]:
    """That another system said something which nobody has taken over or refused."""
    if open_in(case).exists():
        yield OpenEnd("What another system says waits", reverse("received:said", args=[case.pk]))


def decided_in(case: Case) -> QuerySet[ProposedAnswer]:
    """What somebody took over or refused, the latest first."""
    decided = ProposedAnswer.objects.filter(case=case).exclude(state=State.OPEN)
    return decided.select_related("received", "decided_by").order_by("-decided_at", "-pk")


def present_proposed(file: CaseFile, rows: QuerySet[ProposedAnswer]) -> Iterator[ProposedView]:
    """Proposals of questions that the edition of the case has, in the order of the questions."""
    order = {one.id: place for place, one in enumerate(file.edition.questionnaire.questions)}
    found = [one for one in rows.select_related("received") if one.question in order]
    for one in sorted(found, key=lambda one: (order[one.question], one.pk)):
        question, row = (
            file.edition.questionnaire.question(one.question),
            file.rows.get(one.question),
        )
        answered = file.answers.is_answered(one.question)
        yield ProposedView(
            proposed=one,
            link=link_to(file, one.question),
            would=say_plain(question, tidy(one.value)) if may_be_taken(file, one) else "",
            now=describe_answer(file.edition, question, file.answers).words if answered else "",
            now_on=file.assessed_on(one.question),
            version=row.version if row else 0,
            is_answered_since=bool(row and row.saved_at > one.received.received_at),
        )


def may_be_taken(file: CaseFile, proposed: ProposedAnswer) -> bool:
    """Whether it is one answer to a question of the edition that the case has by now."""
    if proposed.value is None:
        return False
    is_meant = counts_under(
        file.edition.id, proposed.question, proposed.value, asked_by=proposed.received.edition
    )
    return is_meant and is_taken(file.edition.id, proposed.question, proposed.value)


@transaction.atomic
def take_over(
    *, case: Case, proposed: Sequence[ProposedAnswer], actor: User, versions: Mapping[int, int]
) -> None:
    """Answer questions with what was said, by the clinician, as of the day of each; all or none.

    versions: proposal -> version of the answer that the clinician saw beside it. Raises
    DecidedAlreadyError, TwoForOneQuestionError, CaseClosedError and AnswerConflictError.
    """
    questions = [one.question for one in proposed]
    if len(set(questions)) != len(questions):
        raise TwoForOneQuestionError
    case = lock_open_case(case)
    file = file_of(case)
    for one in proposed:
        _decide(one, actor, State.TAKEN)
        saved = save_answer(
            file=file,
            question_id=one.question,
            raw=tidy(one.value),
            version=versions[one.pk],
            actor=actor,
            assessed_on=one.said_on,
        )
        file = saved.file
        record_case_event("proposed_answer.taken", case, actor, one.pk)


@transaction.atomic
def refuse(*, case: Case, proposed: Sequence[ProposedAnswer], actor: User) -> None:
    """The clinician does not take them over; they stay, as refused.

    Raises DecidedAlreadyError and CaseClosedError.
    """
    case = lock_open_case(case)
    for one in proposed:
        _decide(one, actor, State.REFUSED)
        record_case_event("proposed_answer.refused", case, actor, one.pk)


def _decide(proposed: ProposedAnswer, actor: User, state: str) -> None:
    waiting = ProposedAnswer.objects.filter(pk=proposed.pk, state=State.OPEN)
    if not waiting.update(state=state, decided_at=timezone.now(), decided_by=actor):
        raise DecidedAlreadyError


def is_taken(edition_id: str, question_id: str, value: object) -> bool:
    """Whether a question of the edition takes this as an answer."""
    questionnaire = load_edition(edition_id).questionnaire
    if not questionnaire.has_question(question_id):
        return False
    try:
        read_answer(questionnaire.question(question_id), value)
    except AnswerProblem:
        return False
    return True
