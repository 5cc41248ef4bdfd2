"""The plan as a calendar file (RFC 5545). It names no person: a calendar is seen by many.

The same plan gives the same bytes. A visit keeps its id when it moves; SEQUENCE counts the
versions of the plan, so that a calendar takes the newer one.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING
from uuid import uuid5
from zoneinfo import ZoneInfo

from decisions.documents.plan.schedule import ONE_DAY, Visit
from decisions.plans.queries import LaidOut

if TYPE_CHECKING:
    from icalendar import Event

PRODUCT = "-//{name}//Plan of days//EN"
MEDIA_TYPE = "text/calendar; charset=utf-8"


def calendar_file(plan: LaidOut, *, zone: str, product: str) -> bytes:
    """Every visit as one entry, in this time zone. A visit without a time takes the day.

    How long a visit takes is not known, so that none has an end.
    """
    from icalendar import Calendar

    calendar = Calendar()
    calendar.add("prodid", PRODUCT.format(name=product))
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", "PUBLISH")
    for kind, visits in (("tms", plan.planned.tms), ("ketamine", plan.planned.ketamine)):
        for place, visit in enumerate(visits, start=1):
            calendar.add_component(_entry(plan, visit, f"{kind}-{place}", ZoneInfo(zone)))
    days = [one.day for one in plan.planned.visits]
    if days:
        calendar.add_missing_timezones(min(days) - ONE_DAY, max(days) + ONE_DAY)
    return bytes(calendar.to_ical())


def _entry(plan: LaidOut, visit: Visit, name: str, zone: ZoneInfo) -> Event:
    from icalendar import Event

    event, stamp = Event(), plan.stored.saved_at.astimezone(UTC).replace(microsecond=0)
    event.add("uid", str(uuid5(plan.stored.calendar_id, name)))
    event.add("dtstamp", stamp)
    event.add("last-modified", stamp)
    event.add("sequence", plan.stored.version - 1)
    event.add("dtstart", _start(visit, zone))
    event.add("summary", summary_of(visit, plan.words.words))
    event.add("description", plan.words.custom)
    event.add("class", "PRIVATE")
    return event


def _start(visit: Visit, zone: ZoneInfo) -> date | datetime:
    return visit.day if visit.at is None else datetime.combine(visit.day, visit.at, zone)


def summary_of(visit: Visit, words: Mapping[str, str]) -> str:
    """What an entry is called: TMS session 3 of 20."""
    name = "entry_tms" if visit.is_tms else "entry_ketamine"
    if visit.sessions > 1:
        name = "entry_several"
    return words[name].format(first=visit.first, last=visit.last, of=visit.of)
