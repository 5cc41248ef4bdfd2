"""Events of several clinics: what was done is stored first, each clinic's event afterwards.

What is owed is a row of the transaction that does it, so that neither is there without the other.
A worker records the event and removes the row in one transaction of one clinic: however often it
runs, and wherever it is killed, there is one event.
"""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from django.db import connection, transaction
from structlog.contextvars import get_contextvars

from kapnet.core.audit.actions import REASON_LENGTH, record_owed
from kapnet.core.audit.models import OwedEvent
from kapnet.core.notices.telling import tell
from kapnet.core.people.models import Clinic, User

AT_ONCE = 100
"""Events in one transaction."""


class _AsksTheWorker:
    def __call__(self) -> None:
        from kapnet.core.notices.tasks import write_owed

        write_owed.enqueue()


def owe_event(
    *,
    action: str,
    actor: User | None,
    clinic: Clinic,
    object_type: str,
    object_id: object,
    case_id: UUID | None = None,
    reason: str = "",
    also_to: Sequence[str] | None = None,
) -> None:
    """Let a worker record this once what was done is stored.

    also_to: addresses that are told besides whom such an event is told; None tells nobody.
    """
    OwedEvent.objects.create(
        action=action,
        actor=actor,
        clinic=clinic,
        object_type=object_type,
        object_id=str(object_id),
        case_id=case_id,
        reason=reason[:REASON_LENGTH],
        reference=get_contextvars().get("reference", ""),
        also_to=None if also_to is None else list(also_to),
    )
    if not any(isinstance(one[1], _AsksTheWorker) for one in connection.run_on_commit):
        transaction.on_commit(_AsksTheWorker(), robust=True)


def ask_again() -> None:
    """Let a job record what nobody asked for, where the server died before it did.

    Not at once: a worker prunes between two signs of life, and many events take longer.
    """
    if OwedEvent.objects.exists():
        _AsksTheWorker()()


def write_owed_events() -> None:
    """Record what is owed, clinic by clinic. Two at once record it once.

    What fails in one clinic keeps no other one waiting; it is raised at the end.
    """
    clinics = OwedEvent.objects.order_by("clinic").values_list("clinic", flat=True).distinct()
    problems = []
    for clinic_id in list(clinics):
        try:
            write_owed_of(clinic_id)
        except Exception as problem:
            problems.append(problem)
    if problems:
        raise problems[0]


def write_owed_of(clinic_id: UUID) -> None:
    """Record what is owed to the log of one clinic."""
    while _write_some(clinic_id):
        pass


@transaction.atomic
def _write_some(clinic_id: UUID) -> bool:
    waiting = OwedEvent.objects.select_for_update(of=("self",), skip_locked=True)
    rows = list(waiting.select_related("clinic", "actor").filter(clinic=clinic_id)[:AT_ONCE])
    for row in rows:
        event = record_owed(row)
        if row.also_to is not None:
            tell(event, also_to=row.also_to)
    OwedEvent.objects.filter(pk__in=[row.pk for row in rows]).delete()
    return len(rows) == AT_ONCE
