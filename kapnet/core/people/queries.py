"""Shared reads about clinics."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from uuid import UUID

from allauth.mfa.models import Authenticator
from django.db.models import Exists, F, OuterRef, QuerySet
from django.utils import timezone

from kapnet.core.compiled import Compiled, Given
from kapnet.core.once import once_a_read
from kapnet.core.people.models import Clinic, Membership, Role, User


def people_of(clinic: Clinic) -> QuerySet[Membership]:
    """Everyone who has or had a place in the clinic, active ones first."""
    people = Membership.objects.filter(clinic=clinic).select_related("user", "clinic", "stand_in")
    second_factors = Authenticator.objects.filter(user=OuterRef("user"))
    people = people.annotate(has_second_factor=Exists(second_factors))
    return people.order_by("-is_active", "user__name", "pk")


def therapists_in(clinic: Clinic | UUID) -> QuerySet[User]:
    """Everybody who works in a clinic as a therapist, by name."""
    return User.objects.filter(
        is_active=True,
        membership__is_active=True,
        membership__role=Role.THERAPIST,
        membership__clinic=clinic,
    ).order_by("name", "email")


def away_today() -> QuerySet[Membership]:
    """Therapists who are away today, each with a stand-in who works in the same clinic."""
    return _away_on(timezone.localdate())


def _away_on(today: date | Given) -> QuerySet[Membership]:
    return Membership.objects.filter(
        is_active=True,
        role=Role.THERAPIST,
        away_from__lte=today,
        away_until__gte=today,
        stand_in__is_active=True,
        stand_in__membership__is_active=True,
        stand_in__membership__role=Role.THERAPIST,
        stand_in__membership__clinic=F("clinic"),
    ).select_related("user", "stand_in")


def stood_in_for(person: User) -> list[Membership]:
    """For whom this person stands in today, by name."""
    return _STOOD_IN_FOR.rows(today=timezone.localdate(), person=person.pk)


_TODAY = Given("today", Membership._meta.get_field("away_from"))
_STOOD_IN_FOR = Compiled(
    lambda: (
        _away_on(_TODAY)
        .filter(stand_in=Given("person", User._meta.get_field("id")))
        .order_by("user__name", "pk")
    )
)
_REPLACED = Compiled(
    lambda stand_ins: (
        _away_on(_TODAY).filter(stand_in__id__in=stand_ins).values_list("user_id", flat=True)
    ),
    stand_ins=User._meta.get_field("id"),
)


@once_a_read
def looked_after_by(person: User) -> frozenset[UUID]:
    """This person, and everybody whose part they take today, also through somebody else away."""
    found, newest = {person.pk}, {person.pk}
    while newest:
        newest = set(_REPLACED.rows(today=timezone.localdate(), stand_ins=newest)) - found
        found |= newest
    return frozenset(found)


def with_stand_ins(people: Iterable[User]) -> list[User]:
    """These people, and who stands in for those of them who are away today."""
    found = {one.pk: one for one in people}
    newest = set(found)
    while newest:
        away = away_today().filter(user__in=newest)
        stand_ins = {one.stand_in.pk: one.stand_in for one in away if one.stand_in}
        newest = stand_ins.keys() - found.keys()
        found |= {key: stand_ins[key] for key in newest}
    return list(found.values())
