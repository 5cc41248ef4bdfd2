"""Who looks after a case, and is told of what happens with it."""

from __future__ import annotations

from django.db.models import F, Q

from decisions.cases.models import Case
from kapnet.core.people.models import Role, User
from kapnet.core.people.queries import therapists_in, with_stand_ins

THERAPIST_WORKS_HERE = Q(
    case__therapist__is_active=True,
    case__therapist__membership__is_active=True,
    case__therapist__membership__role=Role.THERAPIST,
    case__therapist__membership__clinic=F("case__clinic"),
)
"""Of rows with a case: whether its therapist still works in the clinic of the case."""


def people_to_tell(case: Case) -> list[User]:
    """The therapist of a case, or every therapist of the clinic where that one has left.

    With their stand-ins.
    """
    therapists = therapists_in(case.clinic_id)
    own = therapists.filter(pk=case.therapist_id)
    told = with_stand_ins(own if own.exists() else therapists)
    return sorted(told, key=lambda one: one.email)
