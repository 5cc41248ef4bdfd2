"""The audit trail as a page shows it."""

from __future__ import annotations

from dataclasses import dataclass

from django.core.paginator import Page
from django.http import QueryDict

from decisions.trail.queries import case_numbers
from kapnet.core.audit.models import Event


@dataclass(frozen=True)
class EventRow:
    """One event; the number of its case where it is about one."""

    event: Event
    case_number: int | None


def present_trail(page: Page[Event], *, asked: QueryDict) -> dict[str, object]:
    """The rows of a page. asked: the filters, for the addresses of other pages and of files."""
    numbers = case_numbers(page)
    rows = [EventRow(one, numbers.get(one.case_id) if one.case_id else None) for one in page]
    return {
        "page": page,
        "rows": rows,
        "asked": asked.urlencode(),
        "is_filtered": any(asked.values()),
    }
