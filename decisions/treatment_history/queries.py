"""Every shared read of treatment history."""

from __future__ import annotations

from django.db.models import QuerySet

from decisions.cases.models import Case
from decisions.cases.queries import OF_CASE
from decisions.documents.letter.treatment_history import History
from decisions.treatment_history.models import HistoryRow, NothingOf
from kapnet.core.compiled import Compiled


def rows_of(case: Case) -> QuerySet[HistoryRow]:
    """The rows of a case in the order in which they were added."""
    return _standing_rows().filter(case=case)


def _standing_rows() -> QuerySet[HistoryRow]:
    return HistoryRow.objects.filter(removed_at=None).select_related("case__clinic", "saved_by")


_ROWS = Compiled(lambda: _standing_rows().filter(case=OF_CASE))
_NOTHING = Compiled(lambda: NothingOf.objects.filter(case=OF_CASE).values_list("kind", flat=True))


def nothing_of(case: Case) -> frozenset[str]:
    """Kinds of which somebody said that there are none."""
    return frozenset(_NOTHING.rows(case=case.pk))


def history_of(case: Case) -> History:
    """The whole history of a case, as letters print it."""
    rows: dict[str, list[object]] = {}
    for row in _ROWS.rows(case=case.pk):
        rows.setdefault(row.kind, []).append(row.values)
    return History.model_validate({**rows, "none_of": sorted(nothing_of(case))})
