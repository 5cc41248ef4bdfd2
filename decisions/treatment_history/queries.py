"""Every shared read of treatment history."""

from __future__ import annotations

from django.db.models import QuerySet

from decisions.cases.models import Case
from decisions.documents.letter.treatment_history import History
from decisions.treatment_history.models import HistoryRow, NothingOf


def rows_of(case: Case) -> QuerySet[HistoryRow]:
    """The rows of a case in the order in which they were added."""
    return HistoryRow.objects.filter(case=case, removed_at=None).select_related(
        "case__clinic", "saved_by"
    )


def nothing_of(case: Case) -> frozenset[str]:
    """Kinds of which somebody said that there are none."""
    return frozenset(NothingOf.objects.filter(case=case).values_list("kind", flat=True))


def history_of(case: Case) -> History:
    """The whole history of a case, as letters print it."""
    rows: dict[str, list[object]] = {}
    for row in rows_of(case):
        rows.setdefault(row.kind, []).append(row.values)
    return History.model_validate({**rows, "none_of": sorted(nothing_of(case))})
