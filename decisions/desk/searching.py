"""What the desk searches for."""

from __future__ import annotations

from decisions.cases.finding.kept_search import KeptSearch

DESK_SEARCH = KeptSearch(
    "desk_words", "desk:queue", ("status", "assigned_to", "overdue", "replied")
)
