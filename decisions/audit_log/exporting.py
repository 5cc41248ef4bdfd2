"""The audit log as a file: CSV for a spreadsheet, JSON Lines with all that is hashed."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC
from io import StringIO
from itertools import islice

from django.db.models import QuerySet

from decisions.audit_log.queries import case_numbers
from kapnet.core.audit.chain import FIELDS
from kapnet.core.audit.models import Event
from kapnet.core.cells import guarded
from kapnet.core.people.at_clinic import at_clinic
from kapnet.core.people.models import Clinic

AT_ONCE = 500
"""Events in memory at a time."""

CHAIN = ("sequence", "previous_sha256", "sha256")
COLUMNS = (*FIELDS, "person", "case_number", "chain", *CHAIN)

Row = Mapping[str, str | int | None]


def rows(clinic: Clinic, events: QuerySet[Event]) -> Iterator[Row]:
    """Each event as plain values, oldest first. Enters the clinic's scope for each look."""
    found = events.select_related("actor", "link").order_by("id").iterator(chunk_size=AT_ONCE)
    while some := list(islice(found, AT_ONCE)):
        with at_clinic(clinic):
            numbers = case_numbers(some)
        for event in some:
            yield _row(event, numbers.get(event.case_id) if event.case_id else None)


def _row(event: Event, case_number: int | None) -> Row:
    """The ids as 32 digits and the time in UTC, as the hash takes them.

    An event that was never chained shows no hash: `manage.py audit verify` names it.
    """
    link = getattr(event, "link", None)
    return {
        "id": event.pk,
        "at": event.at.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S.%f"),
        "actor_id": event.actor_id.hex if event.actor_id else None,
        "clinic_id": event.clinic_id.hex if event.clinic_id else None,
        "action": event.action,
        "object_type": event.object_type,
        "object_id": event.object_id,
        "case_id": event.case_id.hex if event.case_id else None,
        "outcome": event.outcome,
        "reason": event.reason,
        "reference": event.reference,
        "person": str(event.actor) if event.actor else None,
        "case_number": case_number,
        "chain": link.chain.hex if link else None,
        **{name: getattr(link, name, None) for name in CHAIN},
    }


def as_csv(events: Iterator[Row]) -> Iterator[str]:
    """A head and a line for each event; no cell begins a formula."""
    yield _line(COLUMNS)
    for row in events:
        yield _line([_harmless(row[name]) for name in COLUMNS])


def _line(cells: object) -> str:
    out = StringIO()
    csv.writer(out, lineterminator="\r\n").writerow(cells)  # type: ignore[arg-type]
    return out.getvalue()


def _harmless(value: str | int | None) -> str:
    return guarded("" if value is None else str(value))


def as_json_lines(events: Iterator[Row]) -> Iterator[str]:
    """One JSON object a line."""
    for row in events:
        yield f"{json.dumps(row, ensure_ascii=False)}\n"


FORMATS: Mapping[str, tuple[str, Callable[[Iterator[Row]], Iterator[str]]]] = {
    "csv": ("text/csv; charset=utf-8", as_csv),
    "jsonl": ("application/jsonl; charset=utf-8", as_json_lines),
}
"""ending of the file -> its type, and how it is written"""
