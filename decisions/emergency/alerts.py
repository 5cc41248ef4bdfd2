"""How an emergency access is told: to the therapist of the case and the managers of the clinic.

The therapist also finds it above the list of cases, with a note to write (`review_views.py`).
"""

from __future__ import annotations

from collections.abc import Iterable

from decisions.emergency.models import EmergencyAccess
from kapnet.core.audit.models import Event
from kapnet.core.notices.telling import Telling, told
from kapnet.core.people.models import Role, User
from kapnet.core.people.queries import with_stand_ins

OPENED = "emergency.opened"


def _access(event: Event) -> EmergencyAccess:
    found: EmergencyAccess = EmergencyAccess.objects.select_related(
        "case__therapist__membership"
    ).get(pk=event.object_id)
    return found


def _therapist(event: Event) -> Iterable[User]:
    """The therapist of the case, while they work in the clinic, and who stands in for them."""
    therapist = _access(event).case.therapist
    place = getattr(therapist, "membership", None)
    works_here = place and place.is_active and place.clinic_id == event.clinic_id
    return with_stand_ins([therapist]) if works_here else ()


def _say(event: Event) -> str:
    number = _access(event).case.number
    return f"{event.actor} opened case {number:04d} in an emergency."


told(
    OPENED,
    Telling(
        roles=frozenset({Role.MANAGER}),
        subject="a case was opened in an emergency",
        mail="emergency/mail.txt",
        say=_say,
        place="emergency:find",
        besides=_therapist,
    ),
)
