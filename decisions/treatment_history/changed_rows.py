"""Rows of the treatment history that are others than when a decision was recorded."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from django.db.models import F, Q
from django.urls import reverse

from decisions.cases.models import Case
from decisions.cases.queries import OF_CASE
from decisions.cases.told import ChangedRow
from decisions.documents.letter.loading import load_words
from decisions.treatment_history.models import HistoryRow
from decisions.treatment_history.presenters import present_row
from kapnet.core.compiled import Compiled, Given

ADDED, CHANGED, TAKEN_OFF = "added since", "changed", "taken off"


def _since() -> Given:
    return Given("since", HistoryRow._meta.get_field("saved_at"))


_CHANGED = Compiled(
    lambda: (
        HistoryRow.objects.filter(case=OF_CASE)
        .filter(Q(saved_at__gt=_since()) | Q(removed_at__gt=_since()))
        .exclude(added_at__gt=_since(), removed_at__isnull=False)
        .exclude(removed_at__lte=_since())
        .select_related("saved_by", "removed_by")
        .order_by(F("added_at"), "pk")
    )
)


def rows_changed_since(case: Case, moment: datetime) -> Iterator[ChangedRow]:
    """In the order in which they were added; what was added and taken off since is none."""
    words = load_words(case.edition).history
    for row in _CHANGED.rows(case=case.pk, since=moment):
        shown = present_row(row, words)
        what = TAKEN_OFF if row.removed_at else ADDED if row.added_at > moment else CHANGED
        yield ChangedRow(
            name=f"{row.get_kind_display()}: {shown.name}",
            what=what,
            now="" if row.removed_at else ", ".join(text for _, text in shown.details),
            url=f"{reverse('history:history', args=[case.pk])}#{row.kind}",
            by=str(row.removed_by or row.saved_by),
        )
