"""Every shared read of emergency access."""

from __future__ import annotations

from functools import reduce
from operator import and_

from django.db.models import Q, QuerySet

from decisions.cases.due.people import THERAPIST_WORKS_HERE
from decisions.cases.finding.name_index import named, number_in
from decisions.cases.models import Case
from decisions.emergency.models import EmergencyAccess, EmergencySearch, EmergencyStep
from kapnet.core.compiled import Compiled
from kapnet.core.people.models import Clinic, User
from kapnet.core.people.queries import looked_after_by


def cases_called(words: str, clinic: Clinic) -> QuerySet[Case]:
    """Cases of the clinic with this number, or in whose name or reference each word begins one.

    words: at least one.
    """
    by_name = reduce(and_, (named(word, clinic.pk) for word in words.split()))
    number = number_in(words)
    found = by_name if number is None else by_name | Q(number=number)
    return Case.objects.filter(found).order_by("number")


def accesses() -> QuerySet[EmergencyAccess]:
    """Every access in the clinic in scope, the newest first."""
    return (
        EmergencyAccess.objects.select_related("case__clinic", "case__therapist", "opened_by")
        .prefetch_related("steps__by")
        .order_by("-opened_at")
    )


def searches() -> QuerySet[EmergencySearch]:
    """Every search in the clinic in scope, the newest first."""
    return EmergencySearch.objects.select_related("by").order_by("-pk")


def accesses_of(case: Case) -> QuerySet[EmergencyAccess]:
    """Every access to a case, the newest first."""
    return accesses().filter(case=case)


def open_access(case: Case, person: User) -> EmergencyAccess | None:
    """By what this person may read this case now."""
    newest = accesses_of(case).filter(opened_by=person)
    return next((one for one in newest if one.is_open), None)


def unseen() -> QuerySet[EmergencyAccess]:
    """Accesses that no therapist has looked at, the oldest first."""
    seen = EmergencyStep.objects.filter(kind=EmergencyStep.Kind.SEEN).values("access_id")
    return accesses().exclude(pk__in=seen).order_by("opened_at")


def unseen_for(therapist: User) -> list[EmergencyAccess]:
    """Those to cases of one therapist, of whom they stand in for, and of therapists who left."""
    return _UNSEEN_FOR.rows(therapists=looked_after_by(therapist))


_UNSEEN_FOR = Compiled(
    lambda therapists: (
        unseen()
        .filter(Q(case__therapist__id__in=therapists) | ~THERAPIST_WORKS_HERE)
        .prefetch_related(None)
    ),
    therapists=User._meta.get_field("id"),
)
