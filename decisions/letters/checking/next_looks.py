"""The next look that a signed letter names is due on its day."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from django.db.models import QuerySet
from django.urls import reverse

from decisions.cases.due.things import DueThing
from decisions.cases.models import Case
from decisions.letters.models import Letter


def next_looks_due(cases: QuerySet[Case], until: date) -> Iterator[DueThing]:
    """Of letters that no other has replaced."""
    letters = (
        Letter.objects.filter(case__in=cases, status=Letter.Status.SIGNED, next_look_on__lte=until)
        .exclude(corrections__status=Letter.Status.SIGNED)
        .select_related("case__therapist")
        .defer("pdf", "content")
    )
    for letter in letters:
        if letter.next_look_on is None:
            continue
        yield DueThing(
            key=f"next_look:{letter.pk}",
            case=letter.case,
            what=f"Next look, as letter {letter.number} says",
            due_on=letter.next_look_on,
            url=reverse("letters:letter", args=[letter.case_id, letter.pk]),
            is_ticked_off=True,
        )
