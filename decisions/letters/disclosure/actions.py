"""Writing down what was disclosed in a medical emergency: when it is signed, and each time sent."""

from __future__ import annotations

from datetime import datetime

from decisions.letters.disclosure.models import EmergencyDisclosure
from decisions.letters.letter_events import record_letter_event
from decisions.letters.models import Letter
from kapnet.core.people.models import User


def note_disclosure(*, letter: Letter, by: User, at: datetime) -> None:
    """One disclosure of a letter that leaves without consent; nothing for any other letter."""
    if not letter.medical_emergency:
        return
    EmergencyDisclosure.objects.create(
        letter=letter,
        recipient_name=letter.recipient_name,
        affiliation=letter.recipient_organization,
        disclosed_by=by,
        disclosed_at=at,
        nature=letter.medical_emergency,
    )
    record_letter_event("letter.disclosed_in_emergency", letter, by)
