"""The plan as a calendar file (RFC 5545). It names no person: a calendar is seen by many.

The same plan gives the same bytes. A visit keeps its id when it moves; SEQUENCE counts the
versions of the plan, so that a calendar takes the newer one. What is no longer planned is in the
file as canceled: a calendar that has it from an earlier file takes it out.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime, tzinfo
from typing import TYPE_CHECKING
from uuid import uuid5
from zoneinfo import ZoneInfo

from decisions.documents.plan.schedule import Visit
from decisions.plans.calendar_zone import zone_component
from decisions.plans.queries import LaidOut

if TYPE_CHECKING:
    from icalendar import Event

PRODUCT = "-//{name}//Plan of days//EN"
MEDIA_TYPE = "text/calendar; charset=utf-8"
PLANNED, GONE = "CONFIRMED", "CANCELLED"
TAPER = "taper"


def calendar_file(plan: LaidOut, *, zone: str, product: str) -> bytes:
    """Every visit as one entry, in this time zone. A visit without a time takes the day.

    How long a visit takes is not known, so that none has an end.
    """
    from icalendar import Calendar

    calendar, local = Calendar(), ZoneInfo(zone)
    calendar.add("prodid", PRODUCT.format(name=product))
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", "PUBLISH")
    if component := zone_component(local):
        calendar.add_component(component)
    written = local if component else UTC
    for status, entries in ((PLANNED, plan.entries), (GONE, plan.gone)):
        for name, visit in entries.items():
            entry = _entry(plan, visit, name, status)
            entry.add("dtstart", _start(visit, local, written))
            calendar.add_component(entry)
    return bytes(calendar.to_ical())


def _entry(plan: LaidOut, visit: Visit, name: str, status: str) -> Event:
    from icalendar import Event

    event, stamp = Event(), plan.stored.saved_at.astimezone(UTC).replace(microsecond=0)
    event.add("uid", str(uuid5(plan.stored.calendar_id, name)))
    event.add("dtstamp", stamp)
    event.add("last-modified", stamp)
    event.add("sequence", plan.stored.version - 1)
    event.add("status", status)
    event.add("summary", summary_of(visit, plan.words.words))
    event.add("description", plan.words.custom)
    event.add("class", "PRIVATE")
    return event


def _start(visit: Visit, local: ZoneInfo, written: tzinfo) -> date | datetime:
    if visit.at is None:
        return visit.day
    return datetime.combine(visit.day, visit.at, local).astimezone(written)


def summary_of(visit: Visit, words: Mapping[str, str]) -> str:
    """What an entry is called: TMS session 3 of 20."""
    name = "entry_tms" if visit.is_tms else "entry_ketamine"
    if visit.treatment == TAPER and f"entry_{TAPER}" in words:
        name = f"entry_{TAPER}"
    if visit.sessions > 1:
        name = "entry_several"
    return words[name].format(first=visit.first, last=visit.last, of=visit.of)
