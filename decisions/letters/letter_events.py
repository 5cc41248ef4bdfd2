"""The audit events of writes to letters."""

from __future__ import annotations

from typing import Any

from decisions.letters.models import Letter
from kapnet.core.audit.actions import record_event
from kapnet.core.notices.owed import owe_event
from kapnet.core.people.models import User


def record_letter_event(action: str, letter: Letter, actor: User | None, reason: str = "") -> None:
    """One event. actor: None where a release did it, and nobody signed it."""
    record_event(action=action, actor=actor, reason=reason, **_about(letter))


def owe_letter_event(action: str, letter: Letter, actor: User | None, reason: str) -> None:
    """The same of what is done in several clinics at once: a worker records it afterwards."""
    owe_event(action=action, actor=actor, reason=reason, **_about(letter))


def _about(letter: Letter) -> dict[str, Any]:
    return {
        "clinic": letter.clinic,
        "object_type": "letter",
        "object_id": letter.pk,
        "case_id": letter.case_id,
    }
