"""The plan of days: what was asked for, and the days on which it falls. Calendar arithmetic only.

Nothing here says that a spacing is good: what speaks about a plan is in plan_findings.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import date, time, timedelta
from itertools import islice
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from decisions.rules.logic.plain_values import Plain, YesNo
from decisions.rules.logic.values import Frozen

MOST_SESSIONS, MOST_A_DAY, MOST_TAPER_WEEKS, MOST_DAYS = 100, 10, 26, 400
EARLIEST, LATEST = date(2000, 1, 1), date(2100, 1, 1)
SUNDAY, DAYS_OF_WEEK = 6, 7
ONE_DAY, ONE_WEEK = timedelta(days=1), timedelta(days=DAYS_OF_WEEK)

Day = Annotated[date, Field(ge=EARLIEST, le=LATEST)]
Days = Annotated[tuple[Day, ...], Field(max_length=MOST_DAYS)]
Weekdays = tuple[Annotated[int, Field(ge=0, le=SUNDAY)], ...]
"""Monday is 0, as `date.weekday` counts."""

Sessions = Annotated[int, Field(ge=0, le=MOST_SESSIONS)]
Route = Literal["", "esketamine", "iv", "im", "oral"]
Treatment = Literal["tms", "taper", "ketamine"]


class PlanAsked(Frozen):
    """What somebody wants planned. None, empty and "not_known" all mean that it is not known.

    taper: sessions in each week after the course, one a day. ketamine_days: written out, in place
    of a pattern of weekdays. keep_apart: TMS moves past the days of ketamine.
    """

    tms_first_day: Day | None = None
    tms_weekdays: Weekdays = ()
    tms_sessions: Sessions | None = None
    tms_a_day: Annotated[int, Field(ge=1, le=MOST_A_DAY)] = 1
    tms_time: time | None = None
    taper: Annotated[tuple[Sessions, ...], Field(max_length=MOST_TAPER_WEEKS)] = ()
    ketamine_first_day: Day | None = None
    ketamine_weekdays: Weekdays = ()
    ketamine_sessions: Sessions | None = None
    ketamine_days: Days = ()
    ketamine_route: Route = ""
    ketamine_time: time | None = None
    watcher: Plain = ""
    driver: YesNo = ""
    closed_days: Days = ()
    keep_apart: bool = True

    @model_validator(mode="after")
    def _fits_together(self) -> Self:
        if self.tms_weekdays and max(self.taper, default=0) > len(set(self.tms_weekdays)):
            raise ValueError("taper: no week has that many days of TMS")
        if self.ketamine_days and self.ketamine_sessions not in (None, len(self.ketamine_days)):
            raise ValueError("ketamine_days: not as many as ketamine_sessions")
        return self

    @property
    def sessions_of_tms(self) -> int:
        """How many sessions of TMS are asked for, taper included; 0 where it is not known."""
        return (self.tms_sessions or 0) + sum(self.taper)

    @property
    def has_tms_days(self) -> bool:
        """Whether days can be given to TMS."""
        known = self.tms_first_day is not None and self.tms_sessions is not None
        return known and bool(self.tms_weekdays)

    @property
    def has_ketamine_pattern(self) -> bool:
        """Whether days can be given to ketamine by a pattern."""
        known = self.ketamine_first_day is not None and self.ketamine_sessions is not None
        return known and bool(self.ketamine_weekdays)


class Visit(Frozen):
    """One treatment on one day. first and last: the numbers of its sessions; of: all of them."""

    day: date
    treatment: Treatment
    first: int
    last: int
    of: int
    at: time | None = None

    @property
    def is_tms(self) -> bool:
        """Whether it is TMS, of the course or of the taper."""
        return self.treatment != "ketamine"

    @property
    def sessions(self) -> int:
        """How many sessions it has."""
        return self.last - self.first + 1


class Planned(Frozen):
    """The days of a plan, in order. passed_over: closed days on which TMS would have been.

    kept_apart: days of TMS that went to ketamine.
    """

    visits: tuple[Visit, ...]
    passed_over: tuple[date, ...] = ()
    kept_apart: tuple[date, ...] = ()

    @property
    def tms(self) -> tuple[Visit, ...]:
        """The visits for TMS."""
        return tuple(one for one in self.visits if one.is_tms)

    @property
    def ketamine(self) -> tuple[Visit, ...]:
        """The visits for ketamine."""
        return tuple(one for one in self.visits if not one.is_tms)

    @property
    def shared_days(self) -> tuple[date, ...]:
        """The days with both treatments."""
        ketamine = {one.day for one in self.ketamine}
        return tuple(one.day for one in self.tms if one.day in ketamine)

    @property
    def has_both(self) -> bool:
        """Whether both treatments have days."""
        return bool(self.tms and self.ketamine)

    @property
    def is_sequence(self) -> bool:
        """Whether one treatment has all its days before the first day of the other."""
        if not self.has_both:
            return False
        tms, ketamine = self.tms, self.ketamine
        return tms[-1].day < ketamine[0].day or ketamine[-1].day < tms[0].day


def lay_out(asked: PlanAsked) -> Planned:
    """The days of a plan: as many sessions as asked for, none on a closed day.

    Days of ketamine that were written out stay where they are, closed or not.
    """
    ketamine = _ketamine_days(asked)
    taken = set(asked.closed_days) | (set(ketamine) if asked.keep_apart else set())
    course = _course_days(asked, taken)
    taper = _taper_days(asked, course, taken)
    visits = (
        *_visits(asked, course, taper),
        *_ketamine_visits(asked, ketamine),
    )
    missed = _missed(asked, [*course, *taper])
    return Planned(
        visits=tuple(sorted(visits, key=lambda one: _order(asked, one))),
        passed_over=tuple(day for day in missed if day in set(asked.closed_days)),
        kept_apart=tuple(day for day in missed if day in set(ketamine) - set(asked.closed_days)),
    )


def week_of(day: date) -> date:
    """The Sunday on which the week of a day begins."""
    return day - ((day.weekday() + 1) % DAYS_OF_WEEK) * ONE_DAY


def _open_days(first: date, weekdays: Weekdays, taken: Collection[date]) -> Iterator[date]:
    """The days from `first` on these weekdays that are not taken; they never end."""
    day = first
    while True:
        if day.weekday() in weekdays and day not in taken:
            yield day
        day += ONE_DAY


def _ketamine_days(asked: PlanAsked) -> list[date]:
    if asked.ketamine_days:
        return sorted(set(asked.ketamine_days))
    if not asked.has_ketamine_pattern or asked.ketamine_first_day is None:
        return []
    days = _open_days(asked.ketamine_first_day, asked.ketamine_weekdays, set(asked.closed_days))
    return list(islice(days, asked.ketamine_sessions))


def _course_days(asked: PlanAsked, taken: Collection[date]) -> list[date]:
    if not asked.has_tms_days or asked.tms_first_day is None:
        return []
    count = -(-(asked.tms_sessions or 0) // asked.tms_a_day)
    return list(islice(_open_days(asked.tms_first_day, asked.tms_weekdays, taken), count))


def _taper_days(asked: PlanAsked, course: list[date], taken: Collection[date]) -> list[date]:
    """The days of the taper, from the week after the course; what a week cannot hold moves on."""
    if not asked.has_tms_days or asked.tms_first_day is None:
        return []
    start = week_of(course[-1]) + ONE_WEEK if course else asked.tms_first_day
    week, weeks, owed, days = week_of(start), list(asked.taper), 0, []
    while weeks or owed:
        owed += weeks.pop(0) if weeks else 0
        in_week = (week + number * ONE_DAY for number in range(DAYS_OF_WEEK))
        free = [
            day
            for day in in_week
            if day >= start and day.weekday() in asked.tms_weekdays and day not in taken
        ]
        chosen = _spread(free, min(owed, len(free)))
        days += chosen
        owed, week = owed - len(chosen), week + ONE_WEEK
    return days


def _spread(days: list[date], count: int) -> list[date]:
    """So many of these days with even gaps, as Monday, Wednesday, Friday."""
    if count < 2:
        return days[:count]
    return [days[place * (len(days) - 1) // (count - 1)] for place in range(count)]


def _visits(asked: PlanAsked, course: list[date], taper: list[date]) -> Iterator[Visit]:
    of, number, course_ends = len(taper), 0, asked.tms_sessions or 0
    for day in course:
        last = min(number + asked.tms_a_day, course_ends)
        yield Visit(
            day=day,
            treatment="tms",
            first=number + 1,
            last=last,
            of=course_ends + of,
            at=asked.tms_time,
        )
        number = last
    for place, day in enumerate(taper, start=number + 1):
        yield Visit(
            day=day,
            treatment="taper",
            first=place,
            last=place,
            of=course_ends + of,
            at=asked.tms_time,
        )


def _ketamine_visits(asked: PlanAsked, days: list[date]) -> Iterator[Visit]:
    for place, day in enumerate(days, start=1):
        yield Visit(
            day=day,
            treatment="ketamine",
            first=place,
            last=place,
            of=len(days),
            at=asked.ketamine_time,
        )


def _missed(asked: PlanAsked, days: list[date]) -> list[date]:
    """The days of TMS by weekday, from the first day to the last visit, without a visit."""
    if not days or asked.tms_first_day is None:
        return []
    kept, every = set(days), (days[-1] - asked.tms_first_day).days
    span = (asked.tms_first_day + number * ONE_DAY for number in range(every))
    return [day for day in span if day.weekday() in asked.tms_weekdays and day not in kept]


def _order(asked: PlanAsked, visit: Visit) -> tuple[date, time, bool]:
    """By day; on one day by the clock where both times are known, else TMS first."""
    timed = asked.tms_time is not None and asked.ketamine_time is not None
    return visit.day, (visit.at if timed and visit.at else time.min), not visit.is_tms
