"""Earlier scores that somebody wrote down for letters: drawn small, and counted nowhere."""

from __future__ import annotations

from contextlib import suppress
from datetime import date

from decisions.cases.models import Case
from decisions.follow_up.courses.drawing import HIGHEST
from decisions.rules.outcomes.change import PHQ9
from decisions.treatment_history.models import Kind
from decisions.treatment_history.queries import rows_of


def earlier_scores(case: Case) -> list[tuple[date, int]]:
    """Day and points of each earlier PHQ-9 whose day is known."""
    found = []
    for row in rows_of(case).filter(kind=Kind.SCORES):
        values = row.values
        if values.get("scale") != PHQ9.id or values.get("is_incomplete"):
            continue
        with suppress(ValueError, TypeError):
            found.append((date.fromisoformat(values["taken"]), int(values["score"])))
    return [one for one in found if 0 <= one[1] <= HIGHEST]
