"""Shared reads about clinics."""

from __future__ import annotations

from django.db.models import QuerySet

from kapnet.clinics.models import Clinic, Membership


def people_of(clinic: Clinic) -> QuerySet[Membership]:
    """Everyone who has or had a place in the clinic, active ones first."""
    people = Membership.objects.filter(clinic=clinic).select_related("user", "clinic")
    return people.order_by("-is_active", "user__name", "pk")
