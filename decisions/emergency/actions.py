"""Every write of emergency access, each with one audit event."""

from __future__ import annotations

from datetime import timedelta

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import timezone

from decisions.cases.case_events import record_case_event
from decisions.cases.models import Case
from decisions.emergency.alerts import OPENED
from decisions.emergency.models import EmergencyAccess, EmergencySearch, EmergencyStep
from decisions.emergency.queries import open_access
from kapnet.core.audit.actions import record_event
from kapnet.core.notices.telling import tell
from kapnet.core.people.models import Clinic, User

Kind = EmergencyStep.Kind
SEARCHED = "emergency.searched"


@transaction.atomic
def open_in_emergency(*, case: Case, actor: User, reason: str) -> EmergencyAccess:
    """Let somebody read a case for settings.EMERGENCY_MINUTES, and tell whom it concerns.

    Where they may do so already nothing new is opened, however often they ask at once.
    """
    Case.objects.select_for_update().only("pk").get(pk=case.pk)
    before = open_access(case, actor)
    if before is not None:
        return before
    now = timezone.now()
    access = EmergencyAccess.objects.create(
        case=case,
        reason=reason,
        opened_at=now,
        opened_by=actor,
        ends_at=now + timedelta(minutes=settings.EMERGENCY_MINUTES),
    )
    tell(record_case_event(OPENED, access.case, actor, access.pk))
    return access


@transaction.atomic
def note_search(*, clinic: Clinic, actor: User, reason: str, found: int) -> None:
    """Write down that somebody looked for a patient. found: how many they are shown."""
    search = EmergencySearch.objects.create(
        clinic=clinic, reason=reason, found=found, at=timezone.now(), by=actor
    )
    record_event(
        action=SEARCHED,
        actor=actor,
        clinic=clinic,
        object_type="emergency",
        object_id=search.pk,
    )


def end_access(*, access: EmergencyAccess, actor: User) -> None:
    """End it before its time. Ending it again changes nothing."""
    _note(Kind.ENDED, access=access, actor=actor)


def mark_seen(*, access: EmergencyAccess, actor: User, note: str) -> bool:
    """Whether it was this therapist who closed the task; False where another one was faster."""
    return _note(Kind.SEEN, access=access, actor=actor, note=note)


def _note(kind: str, *, access: EmergencyAccess, actor: User, note: str = "") -> bool:
    try:
        with transaction.atomic():
            EmergencyStep.objects.create(
                access=access, kind=kind, at=timezone.now(), by=actor, note=note
            )
            record_case_event(f"emergency.{kind}", access.case, actor, access.pk)
    except IntegrityError:
        return False
    return True
