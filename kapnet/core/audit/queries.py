"""Shared reads of the audit log."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db.models import Count, Q

from kapnet.core.audit.models import Event, Outcome
from kapnet.core.people.models import Clinic, User
from kapnet.core.people.of_a_clinic import clinic_of_scope


def times_done(
    *, actor: User, actions: Sequence[str], since: Sequence[datetime]
) -> tuple[int, ...]:
    """How often a person did any of these things after each of these moments: one query.

    Within a clinic's scope those that were done there.
    """
    clinic = clinic_of_scope()
    there = Q(actor=actor) if clinic is None else Q(actor=actor, clinic=clinic)
    return _times(there, actions, since)


def times_done_by_program(
    *, clinic: Clinic, reference: str, actions: Sequence[str], since: Sequence[datetime]
) -> tuple[int, ...]:
    """The same of a client of a clinic, which its reference names."""
    return _times(Q(clinic=clinic, actor=None, reference=reference), actions, since)


def _times(who: Q, actions: Sequence[str], since: Sequence[datetime]) -> tuple[int, ...]:
    if not since:
        return ()
    counts = {
        f"number_{place}": Count("pk", filter=Q(at__gt=moment))
        for place, moment in enumerate(since)
    }
    done = Event.objects.filter(who, action__in=actions, outcome=Outcome.DONE, at__gt=min(since))
    return tuple(done.order_by().aggregate(**counts).values())
