"""The audit event of a write to a letter."""

from __future__ import annotations

from decisions.letters.models import Letter
from kapnet.core.audit.actions import record_event
from kapnet.core.people.models import User


def record_letter_event(action: str, letter: Letter, actor: User | None, reason: str = "") -> None:
    """One event. actor: None where a release did it, and nobody signed it."""
    record_event(
        action=action,
        actor=actor,
        clinic=letter.clinic,
        object_type="letter",
        object_id=letter.pk,
        case_id=letter.case_id,
        reason=reason,
    )
