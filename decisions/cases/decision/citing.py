"""Recorded decisions that cite an entry of the evidence, found by the database."""

from __future__ import annotations

from collections.abc import Collection

from django.db.models import Q, QuerySet, TextField
from django.db.models.functions import Cast

from decisions.cases.models import Decision


def decisions_naming(keys: Collection[str]) -> QuerySet[Decision]:
    """The recorded decisions in scope whose outcome names any of these sources or positions.

    A key stands in an outcome as a whole JSON string and nowhere else, so that the database can
    look for it as text: no outcome has to be read. Without keys there are none.
    """
    if not keys:
        return Decision.objects.none()
    named = Q()
    for key in sorted(keys):
        named |= Q(outcome_text__contains=f'"{key}"')
    return Decision.objects.annotate(outcome_text=Cast("outcome", TextField())).filter(named)
