"""Constraints that more than one table has."""

from __future__ import annotations

from django.db.models import CheckConstraint, Q


def paired(low: str, high: str, name: str) -> CheckConstraint:
    """Both ends of a range, or neither."""
    both = Q(**{f"{low}__isnull": False, f"{high}__isnull": False})
    neither = Q(**{f"{low}__isnull": True, f"{high}__isnull": True})
    return CheckConstraint(
        condition=both | neither,
        name=name,
        violation_error_message="A pair of numbers has one part only: give both, or neither.",
    )


def one_of(field: str, values: list[str], name: str, *, or_blank: bool = False) -> CheckConstraint:
    """One of the values that the forms offer."""
    allowed = ["", *values] if or_blank else values
    return CheckConstraint(condition=Q(**{f"{field}__in": allowed}), name=name)
