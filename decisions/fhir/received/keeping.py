"""What comes in from other systems is kept as it was said, and proposed. It answers nothing.

Each write is locked behind its case, as every other write to it. A positive item 9 opens or raises
the safety task, whatever becomes of the rest.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from decisions.cases.case_columns import lock_open_case
from decisions.cases.case_events import record_case_event
from decisions.cases.models import Case
from decisions.fhir.received.hearing import hear_forms, hear_item9
from decisions.fhir.received.models import ProposedAnswer, Received
from decisions.fhir.received.telling import CAME_IN
from decisions.fhir.responses.reading import Response
from decisions.follow_up.assessments.actions import record_assessment
from decisions.follow_up.assessments.models import Assessment
from decisions.rules.engine.answers_in_words import say_plain
from decisions.rules.loading import load_edition
from decisions.rules.logic.values import sha256_of
from decisions.rules.questionnaire.answer_values import read_answer
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
    item9: its points where `value` does not say them.
    """

    question: str
    value: object
    words: str = ""
    on: date | None = None
    resource: str = ""
    item9: int | None = None


@dataclass(frozen=True)
class Kept:
    """What became of a response. is_new: False for one that was kept before."""

    received: Received
    is_new: bool

    @property
    def key(self) -> UUID:
        """The id under which it is read: of its form, or its own."""
        return self.received.assessment_id or self.received.pk


# Responses of clients


def digest_of(sender: str, system: str, value: str) -> str:
    """By which a response is found that this sender gave this identifier."""
    return sha256_of([sender, system, value])


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
        return digest_of(self.sender.key, *identifier) if identifier else ""

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
    CaseClosedError, AnotherPatientError and SaidOtherwiseError; IntegrityError where the same is
    sent twice at once: try again.
    """
    before = _sent_before(sent)
    if before is not None:
        return _kept_before(sent, before, is_conditional=is_conditional)
    if sent.response.form.instrument is not None:
        received = _received(sent)
        received.assessment = _assessment(sent)
        received.save(force_insert=True)
        return Kept(received, is_new=True)
    case = lock_open_case(sent.case)
    received = _received(sent)
    received.save(force_insert=True)
    day = timezone.localdate(sent.authored_at)
    hear_forms(case, sent.edition, sent.response.answers.items(), day, actor=None)
    _propose(received, [Said(name, raw, on=day) for name, raw in sent.response.answers.items()])
    tell(record_case_event(CAME_IN, case, None, received.pk))
    return Kept(received, is_new=True)


def _kept_before(sent: Sent, before: Received, *, is_conditional: bool) -> Kept:
    case = lock_open_case(sent.case)
    if before.case_id != case.pk:
        raise AnotherPatientError
    if not sent.is_said_by(before):
        if not is_conditional:
            raise SaidOtherwiseError
        day = timezone.localdate(sent.authored_at)
        hear_forms(case, sent.edition, sent.response.answers.items(), day, actor=None)
    return Kept(before, is_new=False)


def _sent_before(sent: Sent) -> Received | None:
    """What this sender sent under the identifier; without one, at that moment with these answers.

    A program that hears no answer sends again.
    """
    of_sender = Received.objects.filter(sender=sent.sender.key).select_related("assessment")
    if sent.digest:
        return of_sender.filter(identifier_sha256=sent.digest).first()
    at_once = of_sender.filter(case=sent.case, form=sent.form, authored_at=sent.authored_at)
    return next((one for one in at_once if sent.is_said_by(one)), None)


def _received(sent: Sent) -> Received:
    identifier = sent.response.identifier
    return Received(
        clinic=sent.case.clinic,
        case=sent.case,
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


def _assessment(sent: Sent) -> Assessment:
    question = sent.response.form.edition.questionnaire.question(sent.form)
    scores = read_answer(question, sent.response.answers[sent.form])
    if not isinstance(scores, Scores):
        raise TypeError(sent.form)
    return record_assessment(
        case=sent.case,
        instrument=sent.form,
        scores=scores,
        taken_on=timezone.localdate(sent.authored_at),
        source=Assessment.Source.FHIR,
        actor=None,
        authored_at=sent.authored_at,
        external_id=sent.digest,
    )


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
    hear_said(case=case, actor=actor, said=news)
    _propose(received, news)
    record_case_event(CAME_IN, case, actor, received.pk)
    return received


@transaction.atomic
def hear_said(*, case: Case, actor: User, said: Iterable[Said]) -> None:
    """Item 9 alone, of what is proposed, or cannot be as the case is closed."""
    for one in said:
        day = one.on or timezone.localdate()
        hear_forms(case, case.edition, [(one.question, one.value)], day, actor=actor)
        hear_item9(case, one.item9, day=day, actor=actor)


def _news(case: Case, sender: Sender, said: Iterable[Said]) -> Iterator[Said]:
    before = ProposedAnswer.objects.filter(case=case, received__sender=sender.key)
    known = [_what(one, one.said_on, one.said) for one in before]
    for one in said:
        what = _what(one, one.on, one.words)
        if what not in known:
            known.append(what)
            yield one


def _what(one: Said | ProposedAnswer, on: date | None, words: str) -> tuple[object, ...]:
    """What is said. Without a value, by its words: one resource may mean two values."""
    return one.question, one.value, on, one.resource, words if one.value is None else ""


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
