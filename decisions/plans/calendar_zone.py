"""The time zone of a calendar file: whole, and the same in every file, whatever its dates.

Many readers keep a zone under its name for as long as they run: a file that holds only the part of
a zone that its own dates need is then read an hour off by the file before it. One date list for
all years is no way out, since some read only its first date. Two yearly rules are read by all.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from itertools import pairwise
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from decisions.documents.plan.schedule import DAYS_OF_WEEK, EARLIEST, ONE_DAY, ONE_WEEK

if TYPE_CHECKING:
    from icalendar import Timezone, TimezoneDaylight, TimezoneStandard

FIRST_YEAR, SURE_FROM, LAST_YEAR = EARLIEST.year, 2026, 2045
"""A rule has to hold from SURE_FROM on; it begins as early as it holds without a gap."""

SECOND, LAST, MOST_DAYS_OF_YEAR = timedelta(seconds=1), -1, 366
WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")


@dataclass(frozen=True)
class Change:
    """One change of the clock. at: in UTC; before and after: the distance from UTC."""

    at: datetime
    before: timedelta
    after: timedelta
    name: str

    @property
    def wall(self) -> datetime:
        """What the clock shows at this moment, not changed yet: a file says it so."""
        return (self.at + self.before).replace(tzinfo=None)

    def rules(self) -> Iterator[tuple[object, ...]]:
        """Every yearly rule that this change would fit: nth weekday of its month, or the last."""
        wall = self.wall
        kind = (self.before, self.after, self.name, wall.time(), wall.month, wall.weekday())
        yield (*kind, (wall.day - 1) // DAYS_OF_WEEK + 1)
        if (wall + ONE_WEEK).month != wall.month:
            yield (*kind, LAST)


@dataclass(frozen=True)
class YearlyRule:
    """A change that comes each year. first: the earliest since which there was no gap."""

    first: Change
    nth: int

    @property
    def is_daylight(self) -> bool:
        """Whether the clock goes forward."""
        return self.first.after > self.first.before


def zone_component(zone: ZoneInfo) -> Timezone | None:
    """The VTIMEZONE of a zone; None for UTC, and where a clock keeps no yearly rule of weekdays.

    Times of such a zone are written in UTC.
    """
    from icalendar import Timezone

    rules = None if zone.key == "UTC" else yearly_rules(zone)
    if rules is None:
        return None
    component = Timezone()
    component.add("tzid", zone.key)
    for one in rules:
        component.add_component(_observance(one))
    return component


def _observance(rule: YearlyRule) -> TimezoneDaylight | TimezoneStandard:
    from icalendar import TimezoneDaylight, TimezoneStandard

    part = TimezoneDaylight() if rule.is_daylight else TimezoneStandard()
    wall = rule.first.wall
    part.add("dtstart", wall)
    part.add("tzoffsetfrom", rule.first.before)
    part.add("tzoffsetto", rule.first.after)
    part.add("tzname", rule.first.name)
    if rule.nth:
        day = f"{rule.nth}{WEEKDAYS[wall.weekday()]}"
        part.add("rrule", {"FREQ": "YEARLY", "BYMONTH": wall.month, "BYDAY": day})
    return part


@cache
def yearly_rules(zone: ZoneInfo) -> tuple[YearlyRule, ...] | None:
    """The two rules of a zone, or the one state of a zone that never changes; else None."""
    by_year = {year: _changes(zone, year) for year in range(FIRST_YEAR, LAST_YEAR + 1)}
    late = [by_year[year] for year in range(SURE_FROM, LAST_YEAR + 1)]
    if not any(late):
        return (_never_changes(zone),)
    if any(len(changes) != 2 for changes in late):
        return None
    found = [_rule(by_year, place) for place in (0, 1)]
    rules = tuple(one for one in found if one is not None)
    return rules if len(rules) == len(found) else None


def _never_changes(zone: ZoneInfo) -> YearlyRule:
    moment = datetime(LAST_YEAR, 1, 1, tzinfo=UTC)
    offset, name = _state(zone, moment)
    start = datetime(FIRST_YEAR, 1, 1, tzinfo=UTC) - offset
    return YearlyRule(Change(start, offset, offset, name), nth=0)


def _rule(by_year: dict[int, tuple[Change, ...]], place: int) -> YearlyRule | None:
    """The rule of the first or the second change of a year, from the last year back."""
    fits = set(by_year[LAST_YEAR][place].rules())
    first = by_year[LAST_YEAR][place]
    for year in range(LAST_YEAR - 1, FIRST_YEAR - 1, -1):
        changes = by_year[year]
        still = fits & set(changes[place].rules()) if len(changes) == 2 else set()
        if not still:
            break
        fits, first = still, changes[place]
    if first.at.year > SURE_FROM:
        return None
    nth = min(rule[-1] for rule in fits if isinstance(rule[-1], int))
    return YearlyRule(first, nth)


def _changes(zone: ZoneInfo, year: int) -> tuple[Change, ...]:
    """The changes of the clock in a year of UTC."""
    first, end = (datetime(one, 1, 1, tzinfo=UTC) for one in (year, year + 1))
    days = (first + number * ONE_DAY for number in range(MOST_DAYS_OF_YEAR + 1))
    within = [day for day in days if day <= end]
    return tuple(
        _change(zone, start, end)
        for start, end in pairwise(within)
        if _state(zone, start) != _state(zone, end)
    )


def _change(zone: ZoneInfo, start: datetime, end: datetime) -> Change:
    """The one change between these two moments, to the second."""
    before, low, high = _state(zone, start), start, end
    while high - low > SECOND:
        middle = low + ((high - low) // 2 // SECOND) * SECOND
        low, high = (middle, high) if _state(zone, middle) == before else (low, middle)
    offset, name = _state(zone, high)
    return Change(high, before[0], offset, name)


def _state(zone: ZoneInfo, moment: datetime) -> tuple[timedelta, str]:
    local = moment.astimezone(zone)
    return local.utcoffset() or timedelta(), local.tzname() or ""
