"""Therapists and managers of a clinic are told who comes to read its cases, however it came."""

from __future__ import annotations

from collections.abc import Collection
from functools import partial

from django.db import transaction
from django.utils import timezone

from kapnet.core.audit.actions import record_account_event
from kapnet.core.audit.models import Event
from kapnet.core.notices.telling import Telling, tell, told
from kapnet.core.people.models import Clinic, Membership, Role, User

MADE = "person.therapist_made"


def reads_cases(place: Membership) -> bool:
    """Whether this person opens the cases of the clinic."""
    person = place.user
    return (
        place.role == Role.THERAPIST
        and place.is_active
        and person.is_active
        and not person.is_evidence_admin
        and not person.is_superuser
    )


@transaction.atomic
def announce_therapists(clinic: Clinic, *, actor: User | None) -> None:
    """Tell of each therapist of the clinic whom nobody was told of. Running it again tells nothing.

    Somebody who is no therapist any more would be told of again. actor: None where it is not known
    who made them one.
    """
    places = Membership.objects.select_for_update(of=("self",)).select_related("user")
    for place in places.filter(clinic=clinic).order_by("pk"):
        if reads_cases(place) == (place.announced_at is not None):
            continue
        place.announced_at = None if place.announced_at else timezone.now()
        place.save(update_fields=["announced_at"])
        if place.announced_at:
            tell(record_account_event(MADE, place, actor))


def announce_in(clinics: Collection[Clinic], *, actor: User) -> None:
    """The same in each of these; of several each by itself, once what was done is stored."""
    for clinic in clinics:
        announce = partial(announce_therapists, clinic, actor=actor)
        if len(clinics) == 1:
            announce()
        else:
            transaction.on_commit(announce)


def _say(event: Event) -> str:
    person = User.objects.filter(pk=event.object_id).first()
    if event.actor is None:
        return f"{person} is a therapist of the clinic now. Who did this is not known."
    return f"{event.actor} made {person} a therapist of the clinic."


told(
    MADE,
    Telling(
        roles=frozenset({Role.THERAPIST, Role.MANAGER}),
        subject="there is a new therapist",
        mail="clinics/mail_therapist.txt",
        say=_say,
        tells_whom_it_is_about=False,
    ),
)
