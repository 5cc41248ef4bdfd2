"""What is due, without what somebody said is done."""

from __future__ import annotations

from datetime import date

from django.db.models import QuerySet

from decisions.cases.due.things import DueThing, due_things
from decisions.cases.models import Case
from decisions.reminders.models import Done
from kapnet.core.people.models import User
from kapnet.core.people.queries import looked_after_by


def cases_of(therapist: User | None) -> QuerySet[Case]:
    """The cases that a therapist looks after, also for who is away; None: of the whole clinic."""
    cases: QuerySet[Case] = Case.objects.all()
    return cases.filter(therapist__in=looked_after_by(therapist)) if therapist else cases


def still_due(cases: QuerySet[Case], *, until: date) -> list[DueThing]:
    """What is due by this day and not done, the earliest first."""
    found = due_things(cases, until=until)
    keys = [one.key for one in found if one.is_ticked_off]
    done = set(Done.objects.filter(key__in=keys).values_list("key", flat=True))
    return [one for one in found if one.key not in done]
