"""Reminding at night, and saying that something is done."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from decisions.cases.case_events import record_case_event
from decisions.cases.due.people import people_to_tell
from decisions.cases.due.things import DueThing, settle_all
from decisions.reminders.models import Done, Reminder
from decisions.reminders.queries import cases_of, still_due
from decisions.reminders.telling import REMINDED
from kapnet.core.audit.actions import record_event
from kapnet.core.notices.telling import tell
from kapnet.core.people.at_clinic import at_clinic
from kapnet.core.people.models import Clinic, User

NOWHERE = "django.core.mail.backends.dummy.EmailBackend"
"""Takes every mail and sends none."""


@dataclass(frozen=True)
class Night:
    """What one run did in one clinic: things that somebody was reminded of, and mails.

    problem: what kept it from reminding there.
    """

    clinic: Clinic
    things: int = 0
    mails: int = 0
    problem: str = ""


def remind_all() -> Iterator[Night]:
    """Remind in every clinic by its own clock. Running it again on the same day sends nothing.

    What fails in one clinic keeps no other one from its reminders.
    """
    for clinic in Clinic.objects.order_by("created_at"):
        try:
            with at_clinic(clinic):
                night = remind(clinic)
        except Exception as problem:
            night = Night(clinic, problem=type(problem).__name__)
        yield night


@transaction.atomic
def remind(clinic: Clinic) -> Night:
    """One mail a person, of whatever came due. Two runs at once wait for each other.

    Where no mail leaves, nobody is reminded, and the list alone says what is due.
    """
    Clinic.objects.select_for_update().get(pk=clinic.pk)
    settle_all()
    if settings.EMAIL_BACKEND == NOWHERE:
        return Night(clinic)
    today = timezone.localdate()
    owed = list(_owed(still_due(cases_of(None), until=today)))
    Reminder.objects.bulk_create(
        Reminder(clinic=clinic, case=thing.case, key=thing.key, nth=nth) for thing, nth in owed
    )
    people = Counter(person for thing, _ in owed for person in people_to_tell(thing.case))
    for person, count in people.items():
        event = record_event(
            action=REMINDED,
            actor=None,
            clinic=clinic,
            object_type="account",
            object_id=person.pk,
            reason=f"{count} due",
        )
        tell(event, also_to=[person.email])
    return Night(clinic, len(owed), len(people))


def _owed(things: Iterable[DueThing]) -> Iterator[tuple[DueThing, int]]:
    """Each thing of which a reminder is owed that was not sent, and which one it is.

    A run that comes late sends the later one alone.
    """
    today, things = timezone.localdate(), list(things)
    sent: Counter[str] = Counter()
    for key, nth in Reminder.objects.filter(key__in=[one.key for one in things]).values_list(
        "key", "nth"
    ):
        sent[key] = max(sent[key], nth)
    for thing in things:
        nth = thing.reminders_owed(today)
        if nth > sent[thing.key]:
            yield thing, nth


@transaction.atomic
def say_done(*, thing: DueThing, clinic: Clinic, actor: User) -> None:
    """Take a thing off the list. Saying it again changes nothing."""
    _, is_new = Done.objects.get_or_create(
        clinic=clinic, key=thing.key, defaults={"case": thing.case, "done_by": actor}
    )
    if is_new:
        record_case_event("follow_up.done", thing.case, actor, thing.case.pk)
