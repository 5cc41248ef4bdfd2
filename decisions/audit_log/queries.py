"""Which events of a clinic are asked for, and the numbers of the cases they are about."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, timedelta
from string import hexdigits
from uuid import UUID

from django.db.models import QuerySet

from decisions.cases.finding.name_index import named
from decisions.cases.models import Case
from decisions.cases.patients import WORD
from decisions.letters.models import Letter
from decisions.life.models import Deletion
from kapnet.core.audit.models import Event
from kapnet.core.clients.models import ApiClient
from kapnet.core.encryption.blind_index import letters_of
from kapnet.core.people.models import Clinic, User
from kapnet.core.web.days import start_of

PROGRAM = 32
"""How long a reference is that names a program; that of a request is shorter."""
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
    reference: str = ""


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
        found = found.filter(at__gte=start_of(asked.since))
    if asked.until:
        found = found.filter(at__lt=start_of(asked.until + timedelta(days=1)))
    if asked.case_number is not None:
        found = found.filter(case_id__in=cases_of_number(asked.case_number))
    if asked.reference:
        found = found.filter(case_id__in=cases_of_reference(asked.reference, clinic))
    return found


def actions_of(clinic: Clinic) -> list[str]:
    """Every action that an event of the clinic names."""
    named = Event.objects.filter(clinic=clinic).order_by("action")
    return list(named.values_list("action", flat=True).distinct())


def case_numbers(events: Iterable[Event]) -> Mapping[UUID, int]:
    """The number of each case that these events are about, also of one that was deleted."""
    ids = {one.case_id for one in events if one.case_id}
    gone = Deletion.objects.filter(case_id__in=ids, deleted_at__isnull=False)
    found = Case.objects.filter(pk__in=ids).values_list("pk", "number")
    return {**dict(gone.values_list("case_id", "case_number")), **dict(found)}


def letter_numbers(events: Iterable[Event]) -> Mapping[str, str]:
    """The number of each letter that these events are about, by the id that they have of it."""
    ids = list(_ids_of(events, "letter"))
    rows = Letter.objects.filter(pk__in=ids).only("pk", "year", "sequence")
    return {str(one.pk): one.number for one in rows}


def people_named(events: Iterable[Event]) -> Mapping[str, str]:
    """Whose account these events are about, by the id that they have of it.

    Of people of the clinic alone: whoever is refused somebody else's account has their id in an
    event, and no name for it.
    """
    clinics = {one.clinic_id for one in events}
    rows = User.objects.filter(
        pk__in=list(_ids_of(events, "account")), membership__clinic__in=clinics
    )
    return {str(one.pk): str(one) for one in rows}


def programs_named(events: Iterable[Event]) -> Mapping[str, str]:
    """The names of the programs that called, by the reference that their events have."""
    references = {one.reference for one in events if len(one.reference) == PROGRAM}
    keys = [UUID(hex=one) for one in references if set(one) <= set(hexdigits)]
    return {one.reference: one.name for one in ApiClient.objects.filter(pk__in=keys)}


def _ids_of(events: Iterable[Event], object_type: str) -> Iterator[UUID]:
    for one in events:
        with suppress(ValueError):
            if one.object_type == object_type:
                yield UUID(one.object_id)


def cases_of_number(number: int) -> list[UUID]:
    """The cases that have or had this number: the events of one that was deleted are still here."""
    gone = Deletion.objects.filter(case_number=number, deleted_at__isnull=False)
    return [
        *Case.objects.filter(number=number).values_list("pk", flat=True),
        *gone.values_list("case_id", flat=True),
    ]


def cases_of_reference(words: str, clinic: Clinic) -> list[UUID]:
    """The cases with exactly this reference, however it is spaced and in capitals or not.

    A beginning finds nothing: the audit log is no way to list patients.
    """
    asked = letters_of(words)
    first = next(iter(WORD.findall(words)), "")
    found = Case.objects.filter(named(first, clinic.pk)).only("pk", "reference")
    return [one.pk for one in found if asked and letters_of(one.reference) == asked]
