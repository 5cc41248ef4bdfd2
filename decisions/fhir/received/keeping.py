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


@dataclass(frozen=True)
class Sent:
    """A response that is complete, and of a patient of the clinic."""

    case: Case
    response: Response
    sender: Sender
    authored_at: datetime

    @property
    def digest(self) -> str:
        """Of its identifier; empty where it has none."""
        identifier = self.response.identifier
        return sha256_of([self.sender.key, *identifier]) if identifier else ""

    @property
    def form(self) -> str:
        """The id of its questionnaire."""
        return self.response.form.id

    @property
    def edition(self) -> str:
        """By which it was asked."""
        return self.response.form.edition.id

    def is_said_by(self, received: Received) -> bool:
        """Whether that says the same."""
        return received.form == self.form and received.answers == dict(self.response.answers)


@transaction.atomic
def keep_response(sent: Sent, *, is_conditional: bool) -> Kept:
    """Keep a response: a form, or proposals. What was sent before is there once.

    is_conditional: the sender wants nothing done where it used the identifier before. Raises
    CaseClosedError, AnotherPatientError and SaidOtherwiseError.
    """
    case = lock_open_case(sent.case)
    before = _sent_before(sent)
    if before is not None and before.case_id != case.pk:
        raise AnotherPatientError
    day = timezone.localdate(sent.authored_at)
    if before is not None:
        if not sent.is_said_by(before):
            if not is_conditional:
                raise SaidOtherwiseError
            _hear_forms(case, sent.edition, sent.response.answers.items(), day, actor=None)
        return Kept(before, is_new=False)
    received = _received(case, sent)
    if sent.response.form.instrument is not None:
        received.assessment = _assessment(case, sent)
        received.save(force_insert=True)
        return Kept(received, is_new=True)
    received.save(force_insert=True)
    _hear_forms(case, sent.edition, sent.response.answers.items(), day, actor=None)
    _propose(received, [Said(name, raw, on=day) for name, raw in sent.response.answers.items()])
    tell(record_case_event(CAME_IN, case, None, received.pk))
    return Kept(received, is_new=True)


def _sent_before(sent: Sent) -> Received | None:
    """What this sender sent under the identifier; without one, at that moment with these answers.

    A program that hears no answer sends again.
    """
    of_sender = Received.objects.filter(sender=sent.sender.key).select_related("assessment")
    if sent.digest:
        return of_sender.filter(identifier_sha256=sent.digest).first()
    at_once = of_sender.filter(case=sent.case, form=sent.form, authored_at=sent.authored_at)
    return next((one for one in at_once if sent.is_said_by(one)), None)


def _received(case: Case, sent: Sent) -> Received:
    identifier = sent.response.identifier
    return Received(
        clinic=case.clinic,
        case=case,
        kind=sent.sender.kind,
        sender=sent.sender.key,
        sender_name=sent.sender.name,
        form=sent.form,
        edition=sent.edition,
        authored_at=sent.authored_at,
        identifier_sha256=sent.digest,
        identifier=list(identifier) if identifier else None,
        answers=dict(sent.response.answers),
    )


def _assessment(case: Case, sent: Sent) -> Assessment:
    question = sent.response.form.edition.questionnaire.question(sent.form)
    scores = read_answer(question, sent.response.answers[sent.form])
    if not isinstance(scores, Scores):
        raise TypeError(sent.form)
    return record_assessment(
        case=case,
        instrument=sent.form,
        scores=scores,
        taken_on=timezone.localdate(sent.authored_at),
        source=Assessment.Source.FHIR,
        actor=None,
        authored_at=sent.authored_at,
        external_id=sent.digest,
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
