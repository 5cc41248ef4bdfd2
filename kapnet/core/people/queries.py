"""Shared reads about clinics."""

from __future__ import annotations

from allauth.mfa.models import Authenticator
from django.db.models import Exists, OuterRef, QuerySet

from kapnet.core.people.models import Clinic, Membership


def people_of(clinic: Clinic) -> QuerySet[Membership]:
    """Everyone who has or had a place in the clinic, active ones first."""
    people = Membership.objects.filter(clinic=clinic).select_related("user", "clinic")
    second_steps = Authenticator.objects.filter(user=OuterRef("user"))
    people = people.annotate(has_second_step=Exists(second_steps))
    return people.order_by("-is_active", "user__name", "pk")
