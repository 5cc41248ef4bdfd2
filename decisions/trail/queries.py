"""Which events of a clinic are asked for, and the numbers of the cases they are about."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from uuid import UUID

from django.db.models import QuerySet
from django.utils import timezone

from decisions.cases.models import Case
from kapnet.core.audit.models import Event
from kapnet.core.people.models import Clinic

NOBODY = "nobody"
"""The choice of events where nobody was signed in."""


@dataclass(frozen=True)
class Filters:
    """What is asked for; what is left open asks nothing. Days are those of the clinic's time."""

    person: str = ""
    action: str = ""
    since: date | None = None
    until: date | None = None
    case_number: int | None = None


def events_of(clinic: Clinic, asked: Filters) -> QuerySet[Event]:
    """Events of the clinic, newest first. Within the clinic's scope."""
    found = Event.objects.filter(clinic=clinic).select_related("actor")
    if asked.person == NOBODY:
        found = found.filter(actor=None)
    elif asked.person:
        found = found.filter(actor=UUID(asked.person))
    if asked.action:
        found = found.filter(action=asked.action)
    if asked.since:
        found = found.filter(at__gte=_begin(asked.since))
    if asked.until:
        found = found.filter(at__lt=_begin(asked.until + timedelta(days=1)))
    if asked.case_number is not None:
        ids = Case.objects.filter(number=asked.case_number).values_list("pk", flat=True)
        found = found.filter(case_id__in=list(ids))
    return found


def _begin(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))


def actions_of(clinic: Clinic) -> list[str]:
    """Every action that an event of the clinic names."""
    named = Event.objects.filter(clinic=clinic).order_by("action")
    return list(named.values_list("action", flat=True).distinct())


def case_numbers(events: Iterable[Event]) -> Mapping[UUID, int]:
    """The number of each case that these events are about. Nothing else of a case is read."""
    ids = {one.case_id for one in events if one.case_id}
    return dict(Case.objects.filter(pk__in=ids).values_list("pk", "number"))
