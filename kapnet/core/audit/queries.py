"""Shared reads of the audit log."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db.models import Count, Q

from kapnet.core.audit.models import Event, Outcome
from kapnet.core.people.models import User


def times_done(
    *, actor: User, actions: Sequence[str], since: Sequence[datetime]
) -> tuple[int, ...]:
    """How often a person did any of these things after each of these moments: one query."""
    if not since:
        return ()
    counts = {
        f"number_{place}": Count("pk", filter=Q(at__gt=moment))
        for place, moment in enumerate(since)
    }
    done = Event.objects.filter(
        actor=actor, action__in=actions, outcome=Outcome.DONE, at__gt=min(since)
    )
    return tuple(done.order_by().aggregate(**counts).values())
