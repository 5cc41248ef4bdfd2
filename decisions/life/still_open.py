"""What is still open in a case that somebody wants to close: named, and nothing is held back."""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone

from decisions.cases.due.things import due_things
from decisions.cases.models import Case
from decisions.cases.told import OpenEnd, open_ends_of
from kapnet.core.web.days import say_day

LOOKED_AHEAD = timedelta(days=365)


def still_open(case: Case) -> tuple[OpenEnd, ...]:
    """What waits for somebody, then what is due within a year: of a closed case it is not told."""
    until = timezone.localdate() + LOOKED_AHEAD
    due = (
        OpenEnd(f"{one.what}, {say_day(one.due_on)}", one.url)
        for one in due_things(Case.objects.filter(pk=case.pk), until=until)
    )
    return (*open_ends_of(case), *due)
