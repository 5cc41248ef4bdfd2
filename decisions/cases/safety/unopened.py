"""A safety task that a patient raised by link, and that nobody opens in time, or can.

Who raised it sits in no room with a clinician. So managers and the named stand-in are told where
the therapist has not opened the case within some hours, no longer works here, or it is closed.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django_scopes import scopes_disabled

from decisions.cases.due.people import THERAPIST_WORKS_HERE, people_to_tell
from decisions.cases.models import SafetyTask
from kapnet.core.audit.actions import record_event
from kapnet.core.audit.models import Event, Outcome
from kapnet.core.notices.telling import Telling, tell, told
from kapnet.core.people.at_clinic import at_clinic
from kapnet.core.people.models import Membership, Role, User

UNOPENED = "safety.unopened"
QUIET_FOR = timedelta(hours=1)
"""Who picks one answer after the other makes one mail, not ten."""
OPENS = ("case.read", "safety_task.closed")
"""The events that say that a clinician had the case before them: it comes first on each page."""


def watch(task: SafetyTask, *, since: datetime) -> None:
    """Look after some hours whether somebody opened it; tell at once where nobody will."""
    if has_nobody(task):
        tell_of(task)
        return
    from decisions.cases.safety.jobs import look_after

    later = timezone.now() + timedelta(hours=settings.SAFETY_OPENED_WITHIN_HOURS)
    look_after.using(run_after=later).enqueue(task.pk, since.isoformat())


def has_nobody(task: SafetyTask) -> bool:
    """Whether the case is closed, or its therapist no longer works in the clinic."""
    open_here = SafetyTask.objects.filter(THERAPIST_WORKS_HERE, pk=task.pk, case__closed_at=None)
    return not open_here.exists()


def tell_of(task: SafetyTask) -> None:
    """Managers, the named stand-in and whoever is told of the task hear that it waits."""
    if is_told_already(task, UNOPENED):
        return
    tell(
        record_event(
            action=UNOPENED,
            actor=None,
            clinic=task.case.clinic,
            object_type="safety",
            object_id=task.pk,
            case_id=task.case_id,
        )
    )


@transaction.atomic
def look_at(task_id: int, since: datetime) -> bool:
    """Tell where the task is open and nobody opened its case, however often it was raised."""
    with scopes_disabled():
        tasks = SafetyTask.objects.select_related("case__clinic")
        task = tasks.filter(pk=task_id, closed_at=None).first()
    if task is None:
        return False
    with at_clinic(task.case.clinic):
        if was_opened(task, since):
            return False
        tell_of(task)
    return True


def is_told_already(task: SafetyTask, action: str) -> bool:
    """Whether this was told of a patient's answer just now, and nobody opened the case since."""
    last = _last_told(task, action)
    is_recent = last is not None and last > timezone.now() - QUIET_FOR
    return last is not None and is_recent and not was_opened(task, last)


def is_news_to(task: SafetyTask, person: User, action: str) -> bool:
    """Whether this was told of a patient's answer after this clinician last opened the case."""
    last = _last_told(task, action)
    return last is not None and not _opened(task, last).filter(actor=person).exists()


def was_opened(task: SafetyTask, since: datetime) -> bool:
    """Whether a person with an account opened the case since then."""
    return _opened(task, since).exclude(actor=None).exists()


def _last_told(task: SafetyTask, action: str) -> datetime | None:
    told_of = Event.objects.filter(
        clinic=task.case.clinic_id,
        case_id=task.case_id,
        action=action,
        object_id=str(task.pk),
        actor=None,
    )
    return told_of.values_list("at", flat=True).first()


def _opened(task: SafetyTask, since: datetime) -> QuerySet[Event]:
    return Event.objects.filter(
        clinic=task.case.clinic_id,
        case_id=task.case_id,
        action__in=OPENS,
        outcome=Outcome.DONE,
        at__gte=since,
    )


def _stand_ins(event: Event) -> Iterable[User]:
    """Besides managers: who is told of the task, and the stand-in whom its therapist named."""
    task = SafetyTask.objects.select_related("case").get(pk=event.object_id)
    places = Membership.objects.select_related("stand_in").filter(user_id=task.case.therapist_id)
    named = [one.stand_in for one in places if one.stand_in]
    return [] if task.closed_at else [*people_to_tell(task.case), *named]


def _say(event: Event) -> str:
    """As it is now. Of a case that is deleted, without its number."""
    task = SafetyTask.objects.select_related("case").filter(pk=event.object_id).first()
    whose = f"case {task.case.number:04d}" if task else "a case"
    if task is None or task.closed_at or was_opened(task, event.at):
        return f"A safety task of {whose} waited too long. Somebody has opened the case since."
    return (
        f"A safety task of {whose} waits and nobody has opened it. "
        "See that a therapist does so now."
    )


told(
    UNOPENED,
    Telling(
        roles=frozenset({Role.MANAGER}),
        subject="a safety task waits and nobody has opened it",
        mail="decisions/unopened_mail.txt",
        say=_say,
        besides=_stand_ins,
    ),
)
