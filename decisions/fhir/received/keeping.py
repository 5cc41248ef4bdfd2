"""What comes in from other systems is kept as it was said, and proposed. It answers nothing.

Each write is locked behind its case, as every other write to it. A positive item 9 opens or raises
the safety task, whatever becomes of the rest.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from decisions.cases.case_columns import lock_open_case
from decisions.cases.case_events import record_case_event
from decisions.cases.case_file import Item9, item9_of
from decisions.cases.models import Case
from decisions.cases.safety.sources import Source
from decisions.cases.safety.tasks import POSITIVE_ITEM9, raise_safety_task
from decisions.fhir.received.models import ProposedAnswer, Received
from decisions.fhir.received.telling import CAME_IN
from decisions.fhir.responses.reading import Response
from decisions.follow_up.assessments.actions import record_assessment
from decisions.follow_up.assessments.models import Assessment
from decisions.rules.engine.answers_in_words import say_plain
from decisions.rules.loading import load_edition
from decisions.rules.logic.values import sha256_of
from decisions.rules.questionnaire.answer_values import AnswerProblem, read_answer
from decisions.rules.questionnaire.instruments import Scores
from kapnet.core.notices.telling import tell
from kapnet.core.people.models import User

Kind = Received.Kind


class AnotherPatientError(Exception):
    """The identifier of a response was used for another patient."""


class SaidOtherwiseError(Exception):
    """The identifier of a response was used for other answers of this patient."""


@dataclass(frozen=True)
class Sender:
    """Who says it. key: by which repeats are found; name: as pages say it."""

    kind: str
    key: str
    name: str


@dataclass(frozen=True)
class Said:
    """What a resource says to one question of an edition.

    value: as the question takes it, None where a clinician has to choose. words: as it is shown;
    empty for those of the question. on: the day of the resource. resource: as "Observation/12".
    """

    question: str
    value: object
    words: str = ""
    on: date | None = None
    resource: str = ""


@dataclass(frozen=True)
class Kept:
    """What became of a response. is_new: False for one that was kept before."""

    received: Received
    is_new: bool

    @property
    def key(self) -> UUID:
        """The id under which it is read: of its form, or its own."""
        return self.received.assessment_id or self.received.pk


# Item 9, on every path


def hear_item9(case: Case, points: int | None, *, day: date, actor: User | None = None) -> bool:
    """Open or raise the safety task where item 9 is positive; whether it was."""
    if points is None or points < POSITIVE_ITEM9:
        return False
    raise_safety_task(case=case, item9=Item9(points, day), actor=actor, source=Source.FHIR)
    return True


# Responses of clients


def same_before(response: Response, sender: Sender) -> Received | None:
    """What this sender sent under the identifier of this response."""
    digest = _digest(response, sender)
    if not digest:
        return None
    found = Received.objects.filter(sender=sender.key, identifier_sha256=digest)
    return found.select_related("assessment").first()


@transaction.atomic
def keep_response(
    *, case: Case, response: Response, sender: Sender, authored_at: datetime, is_conditional: bool
) -> Kept:
    """Keep a response that is complete: a form, or proposals.

    is_conditional: the sender wants nothing done where it sent the identifier before. Raises
    CaseClosedError, AnotherPatientError and SaidOtherwiseError.
    """
    case = lock_open_case(case)
    before = same_before(response, sender)
    if before is not None and before.case_id != case.pk:
        raise AnotherPatientError
    if before is not None:
        is_same = before.form == response.form.id and before.answers == dict(response.answers)
        if not is_same and not is_conditional:
            raise SaidOtherwiseError
        return Kept(before, is_new=False)
    received = _received(case, response, sender, authored_at)
    day = timezone.localdate(authored_at)
    if response.form.instrument is not None:
        received.assessment = _assessment(case, response, sender, authored_at)
        received.save(force_insert=True)
        return Kept(received, is_new=True)
    received.save(force_insert=True)
    _hear_forms(case, response.form.edition.id, response.answers.items(), day, actor=None)
    said = [Said(name, raw, on=day) for name, raw in response.answers.items()]
    _propose(received, said)
    tell(record_case_event(CAME_IN, case, None, received.pk))
    return Kept(received, is_new=True)


def _received(case: Case, response: Response, sender: Sender, authored_at: datetime) -> Received:
    return Received(
        clinic=case.clinic,
        case=case,
        kind=sender.kind,
        sender=sender.key,
        sender_name=sender.name,
        form=response.form.id,
        edition=response.form.edition.id,
        authored_at=authored_at,
        identifier_sha256=_digest(response, sender),
        identifier=list(response.identifier) if response.identifier else None,
        answers=dict(response.answers),
    )


def _digest(response: Response, sender: Sender) -> str:
    return sha256_of([sender.key, *response.identifier]) if response.identifier else ""


def _assessment(
    case: Case, response: Response, sender: Sender, authored_at: datetime
) -> Assessment:
    instrument = response.form.id
    question = response.form.edition.questionnaire.question(instrument)
    scores = read_answer(question, response.answers[instrument])
    if not isinstance(scores, Scores):
        raise TypeError(instrument)
    return record_assessment(
        case=case,
        instrument=instrument,
        scores=scores,
        taken_on=timezone.localdate(authored_at),
        source=Assessment.Source.FHIR,
        actor=None,
        authored_at=authored_at,
        external_id=_digest(response, sender),
    )


def _hear_forms(
    case: Case,
    edition_id: str,
    said: Iterable[tuple[str, object]],
    day: date,
    *,
    actor: User | None,
) -> None:
    """Open or raise the safety task by every form among some answers."""
    questionnaire = load_edition(edition_id).questionnaire
    for name, raw in said:
        question = questionnaire.question(name) if questionnaire.has_question(name) else None
        if question is None or question.instrument is None or raw is None:
            continue
        scores = read_answer(question, raw)
        item9 = item9_of(question.instrument, scores, day) if isinstance(scores, Scores) else None
        if item9 is not None:
            hear_item9(case, item9.points, day=item9.day, actor=actor)


# What a record system says


@transaction.atomic
def keep_said(*, case: Case, sender: Sender, actor: User, said: Iterable[Said]) -> Received | None:
    """Propose what a record system says of a patient at a launch; None where it is no news.

    What it said before, of the same day and resource, is not proposed again, whether it was taken,
    refused or waits. said: by the edition of the case. Raises CaseClosedError.
    """
    case = lock_open_case(case)
    news = list(_news(case, sender, said))
    if not news:
        return None
    received = Received.objects.create(
        clinic=case.clinic,
        case=case,
        kind=sender.kind,
        sender=sender.key,
        sender_name=sender.name,
        edition=case.edition,
        brought_by=actor,
    )
    for one in news:
        day = one.on or timezone.localdate()
        _hear_forms(case, case.edition, [(one.question, one.value)], day, actor=actor)
    _propose(received, news)
    record_case_event(CAME_IN, case, actor, received.pk)
    return received


def _news(case: Case, sender: Sender, said: Iterable[Said]) -> Iterator[Said]:
    before = ProposedAnswer.objects.filter(case=case, received__sender=sender.key)
    known = [(one.question, one.value, one.said_on, one.resource) for one in before]
    for one in said:
        what = (one.question, one.value, one.on, one.resource)
        if what not in known:
            known.append(what)
            yield one


def _propose(received: Received, said: Iterable[Said]) -> None:
    questionnaire = load_edition(received.edition).questionnaire
    rows = [
        ProposedAnswer(
            clinic=received.clinic,
            case=received.case,
            received=received,
            question=one.question,
            said=one.words or say_plain(questionnaire.question(one.question), one.value),
            value=one.value,
            said_on=one.on,
            resource=one.resource,
        )
        for one in said
        if questionnaire.has_question(one.question)
    ]
    ProposedAnswer.objects.bulk_create(rows)


def start_of(day: date | datetime) -> datetime:
    """A moment as it is; of a day its beginning, in the time zone of the clinic."""
    if isinstance(day, datetime):
        return day
    return timezone.make_aware(datetime.combine(day, time.min))


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
