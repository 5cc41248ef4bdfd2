"""The rows of a report as CSV, from which anybody can count again."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from io import StringIO

from decisions.rules.outcomes.cohort import Row
from kapnet.core.cells import guarded

FORMS = ("phq9_before", "phq9_after", "gad7_before", "gad7_after")
COLUMNS = tuple(Row.model_fields)


def as_csv(rows: Iterable[Row]) -> str:
    """A head and a line for each course; no cell begins a formula.

    A day is written d21, counted from the first session; a form d21:9, with its total.
    """
    out = StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    for row in rows:
        writer.writerow([guarded(_cell(name, getattr(row, name))) for name in COLUMNS])
    return out.getvalue()


def _cell(name: str, value: object) -> str:
    if name in FORMS:
        forms: Sequence[tuple[int, int]] = value  # type: ignore[assignment]
        return " ".join(f"d{day}:{total}" for day, total in forms)
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    return f"d{value}" if name in ("next_course", "ended_day") else str(value)
