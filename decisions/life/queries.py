"""Every shared read of the life of a case."""

from __future__ import annotations

from django.db.models import Exists, OuterRef, QuerySet

from decisions.cases.models import Case
from decisions.cases.queries import therapists_of
from decisions.life.models import LifeStep
from kapnet.core.people.models import User

Kind = LifeStep.Kind


def steps_of(case: Case) -> QuerySet[LifeStep]:
    """What happened to a case as a whole, the newest first."""
    people = ("taken_by", "from_therapist", "to_therapist")
    steps = LifeStep.objects.filter(case=case).exclude(kind=Kind.SEEN)
    return steps.select_related(*people).order_by("-pk")


def colleagues_for(case: Case) -> QuerySet[User]:
    """Whom a case can be handed over to: the other therapists of its clinic, by name."""
    others = therapists_of(case.clinic).exclude(pk=case.therapist_id)
    return others.order_by("name", "email")


def handed_to(therapist: User) -> QuerySet[LifeStep]:
    """Handovers of cases that are this person's now, and of which they have not said so."""
    later = LifeStep.objects.filter(
        case=OuterRef("case"), kind__in=(Kind.HANDED_OVER, Kind.SEEN), pk__gt=OuterRef("pk")
    )
    return (
        LifeStep.objects.filter(kind=Kind.HANDED_OVER, to_therapist=therapist)
        .filter(~Exists(later), case__therapist=therapist)
        .select_related("case", "from_therapist", "taken_by")
        .order_by("-pk")
    )


def is_to_be_seen(case: Case, therapist: User) -> bool:
    """Whether this person has still to say that they have seen the handover of the case."""
    return handed_to(therapist).filter(case=case).exists()


def copies_of(case: Case) -> QuerySet[Case]:
    """The cases that were begun with the answers of this one, the oldest first."""
    return Case.objects.filter(copied_from=case).order_by("number")
