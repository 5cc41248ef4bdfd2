"""Under which ids responses are read, and as what."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from django.db.models import QuerySet
from django.utils import timezone

from decisions.fhir.names import Resource
from decisions.fhir.questionnaires.forms import Form, form_named
from decisions.fhir.received.models import Received
from decisions.fhir.responses.writing import Head, write_response
from decisions.follow_up.assessments.models import Assessment
from kapnet.core.web.days import start_of


def keys_in(text: str) -> list[UUID]:
    """The id that an address or a reference names, alone; none where it can be none of ours."""
    try:
        found = UUID(text)
    except ValueError:
        return []
    return [found] if str(found) == text else []


def instant(moment: datetime) -> str:
    """A moment as FHIR writes it, with the zone of the clinic."""
    return timezone.localtime(moment).isoformat(timespec="seconds")


def authored(form: Assessment) -> str:
    """When a form was filled in: the moment; its day where it was entered on another one."""
    is_of_day = timezone.localdate(form.authored_at) == form.taken_on
    return instant(form.authored_at) if is_of_day else form.taken_on.isoformat()


def of_assessment(row: Assessment, identifier: tuple[str, str] | None = None) -> Resource:
    """A form that is kept item by item."""
    head = Head(
        status="entered-in-error" if row.is_voided else "completed",
        id=str(row.pk),
        subject=str(row.case_id),
        authored=authored(row),
        identifier=identifier,
    )
    return write_response(_form(row.instrument), {row.instrument: {"items": row.items}}, head)


def of_received(row: Received, kept_back: frozenset[str] = frozenset()) -> Resource:
    """What was received, of a form or of an edition. kept_back: questions left out."""
    identifier = tuple(row.identifier) if row.identifier else None
    if row.assessment is not None:
        return of_assessment(row.assessment, identifier)
    head = Head(
        status="completed",
        id=str(row.pk),
        subject=str(row.case_id),
        authored=instant(row.authored_at) if row.authored_at else "",
        identifier=identifier,
    )
    answers = {name: raw for name, raw in row.answers.items() if name not in kept_back}
    return write_response(_form(row.form), answers, head)


def _form(form_id: str) -> Form:
    found = form_named(form_id)
    if found is None:
        raise LookupError(form_id)
    return found


def day_of(moment: datetime | date) -> date:
    """The day in the time zone of the clinic."""
    return timezone.localdate(moment) if isinstance(moment, datetime) else moment


def forms_by_item() -> QuerySet[Assessment]:
    """Forms that are responses: of which items are known, and not the total alone."""
    return Assessment.objects.filter(items__isnull=False).select_related("received")


def sent_answers() -> QuerySet[Received]:
    """Answers to an edition that programs sent."""
    sent = Received.objects.filter(kind=Received.Kind.CLIENT, assessment=None)
    return sent.select_related("case")


def identifier_of(form: Assessment) -> tuple[str, str] | None:
    """The identifier that its sender gave a form."""
    sent = getattr(form, "received", None)
    return tuple(sent.identifier) if sent is not None and sent.identifier else None


def moment_of(day: date | datetime) -> datetime:
    """A moment as it is; of a day its beginning, in the time zone of the clinic."""
    return day if isinstance(day, datetime) else start_of(day)
