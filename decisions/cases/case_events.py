"""The audit event of a write to a case."""

from __future__ import annotations

from decisions.cases.models import Case
from kapnet.core.audit.actions import record_event
from kapnet.core.audit.models import Event
from kapnet.core.people.models import User


def record_case_event(
    action: str, case: Case, actor: User, object_id: object = "", reason: str = ""
) -> Event:
    """One event. object_id: of what was written, the case itself where it is left out."""
    return record_event(
        action=action,
        actor=actor,
        clinic=case.clinic,
        object_type=action.partition(".")[0],
        object_id=object_id or case.pk,
        case_id=case.pk,
        reason=reason,
    )
