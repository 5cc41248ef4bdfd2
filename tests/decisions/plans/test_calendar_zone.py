"""The zone of a calendar file says what the zone database says, for every hour near its changes."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from dateutil import rrule  # type: ignore[import-untyped]

from decisions.plans.calendar_zone import yearly_rules, zone_component
from tests.collecting import for_each
from tests.rounds import in_part

NOON = time(12)


def read_by_its_rules(component: Any, wall: datetime) -> timedelta:
    """The distance from UTC at this time of the clock, by nothing but what the component says."""
    starts = [(start, part) for part in component.subcomponents for start in onsets(part, wall)]
    _, last = max(starts, key=lambda one: one[0])
    offset: timedelta = last["tzoffsetto"].td
    return offset


def onsets(part: Any, wall: datetime) -> Iterator[datetime]:
    first = part["dtstart"].dt
    if "rrule" not in part:
        yield first
        return
    rule = rrule.rrulestr(part["rrule"].to_ical().decode(), dtstart=first)
    before = rule.before(wall, inc=True)
    if before is not None:
        yield before


@pytest.mark.slow
@for_each(
    "zone",
    [
        "America/New_York",
        "America/Los_Angeles",
        "America/Phoenix",
        "Europe/London",
        "Europe/Dublin",
        "Australia/Lord_Howe",
        "Pacific/Auckland",
        "Asia/Kolkata",
    ],
)
def test_rules_say_what_the_zone_database_says(zone: str) -> None:
    component = zone_component(ZoneInfo(zone))
    assert component is not None
    wrong = [
        wall
        for year in (2026, 2027, 2040)
        for day in in_part(range(0, 366, 3))
        for wall in [datetime.combine(date(year, 1, 1), NOON) + timedelta(days=day)]
        if read_by_its_rules(component, wall) != wall.replace(tzinfo=ZoneInfo(zone)).utcoffset()
    ]

    assert wrong == []


def test_change_begins_at_the_hour_of_the_old_offset() -> None:
    component = zone_component(ZoneInfo("America/New_York"))
    assert component is not None
    said = component.to_ical().decode().replace("\r\n", "\n")

    assert "DTSTART:20070311T020000\nRRULE:FREQ=YEARLY;BYDAY=2SU;BYMONTH=3\n" in said
    assert "DTSTART:20071104T020000\nRRULE:FREQ=YEARLY;BYDAY=1SU;BYMONTH=11\n" in said
    assert "TZOFFSETFROM:-0500\nTZOFFSETTO:-0400" in said


@pytest.mark.parametrize("zone", ["America/Santiago", "Asia/Jerusalem", "Africa/Casablanca"])
def test_zone_without_a_rule_of_weekdays_has_none(zone: str) -> None:
    assert yearly_rules(ZoneInfo(zone)) is None
