"""A case over time as a picture: every place is worked out here, so that a template only prints.

Ink alone, and nothing says better or worse: a square is a PHQ-9, a diamond a GAD-7, hollow with a
cross is voided, a small ring is an earlier score that somebody wrote down.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from decisions.documents.words.outcome_words import outcome_words
from decisions.follow_up.assessments.models import Assessment
from decisions.follow_up.courses.models import Course
from decisions.rules.outcomes.change import BASELINE_DAYS, WINDOWS, Window
from kapnet.core.web.days import say_day

WIDTH, LEFT, RIGHT = 760, 40, 16
TOP, PLOT_HEIGHT, ROW_HEIGHT, AXIS_HEIGHT = 24, 220, 26, 26
HIGHEST, STEP = 27, 9
"""Points of the PHQ-9, and how far the lines of the scale are apart."""
MOST_MONTHS = 8
"""Names of months that fit beside each other."""
LEAST_DAYS = 60


@dataclass(frozen=True)
class Point:
    """One form at its place. kind: phq9, gad7 or earlier."""

    x: float
    y: float
    kind: str
    is_voided: bool
    label: str


@dataclass(frozen=True)
class Bar:
    """One course: from its first session to its last, or on while it is under way."""

    x: float
    y: float
    width: float
    name: str
    text_x: float
    anchor: str


@dataclass(frozen=True)
class Band:
    """The days that count for one fixed day."""

    x: float
    width: float
    name: str


@dataclass(frozen=True)
class Tick:
    """A mark of a scale at its place."""

    at: float
    name: str


@dataclass(frozen=True)
class Picture:
    """The whole picture."""

    title: str
    description: str
    height: int
    points: tuple[Point, ...]
    lines: tuple[str, ...]
    bars: tuple[Bar, ...]
    bands: tuple[Band, ...]
    months: tuple[Tick, ...]
    scale: tuple[Tick, ...]
    width: int = WIDTH
    left: int = LEFT
    right: int = WIDTH - RIGHT
    top: int = TOP
    bottom: int = TOP + PLOT_HEIGHT
    plot_height: int = PLOT_HEIGHT


@dataclass(frozen=True)
class Scale:
    """Where a day and a score are drawn."""

    first: date
    last: date

    def x(self, day: date) -> float:
        """From the left."""
        share = (day - self.first).days / max(1, (self.last - self.first).days)
        return round(LEFT + min(1.0, max(0.0, share)) * (WIDTH - LEFT - RIGHT), 1)

    def y(self, score: int) -> float:
        """From the top."""
        return round(TOP + PLOT_HEIGHT * (1 - score / HIGHEST), 1)


def draw(
    forms: Sequence[Assessment],
    courses: Sequence[Course],
    earlier: Sequence[tuple[date, int]] = (),
    *,
    today: date,
) -> Picture | None:
    """The picture; None where there is nothing to draw. earlier: scores that count nowhere."""
    drawn = [one for one in forms if one.total is not None]
    begun = [one for one in courses if one.first_session_on is not None]
    days = [one.taken_on for one in drawn] + [day for day, _ in earlier]
    days += [one.first_session_on for one in begun if one.first_session_on]
    if not days:
        return None
    scale = _scale(days, begun, today)
    counted = [one for one in drawn if not one.is_voided]
    words = outcome_words().picture
    return Picture(
        title=words.title,
        description=words.description.format(
            count=len(counted), first=say_day(min(days)), last=say_day(max(days))
        ),
        height=TOP + PLOT_HEIGHT + AXIS_HEIGHT + ROW_HEIGHT * len(begun),
        points=(*_earlier(scale, earlier), *_points(scale, drawn)),
        lines=tuple(_lines(scale, counted)),
        bars=tuple(_bars(scale, begun, today)),
        bands=tuple(_bands(scale, begun, today)),
        months=tuple(_months(scale)),
        scale=tuple(Tick(scale.y(one), str(one)) for one in range(0, HIGHEST + 1, STEP)),
    )


def _scale(days: Sequence[date], begun: Sequence[Course], today: date) -> Scale:
    starts = [one.first_session_on for one in begun if one.first_session_on]
    first = min([*days, *(one - timedelta(days=BASELINE_DAYS) for one in starts)])
    last = max([*days, *starts, *(one.last_session_on or today for one in begun)])
    shown = _with_bands(begun, today)
    ahead = [start + timedelta(days=window.last) for start, window in shown]
    return Scale(first, max([last, first + timedelta(days=LEAST_DAYS), *ahead]))


def _points(scale: Scale, forms: Iterable[Assessment]) -> Iterator[Point]:
    for one in forms:
        label = f"{one.get_instrument_display()} {one.total}, {say_day(one.taken_on)}"
        place = scale.x(one.taken_on), scale.y(one.total or 0)
        yield Point(*place, one.instrument, one.is_voided, label)


def _earlier(scale: Scale, earlier: Iterable[tuple[date, int]]) -> Iterator[Point]:
    for day, score in earlier:
        yield Point(scale.x(day), scale.y(score), "earlier", False, f"{score}, {say_day(day)}")


def _lines(scale: Scale, forms: Sequence[Assessment]) -> Iterator[str]:
    """A thin line through the forms of each instrument, to lead the eye."""
    for name in ("phq9", "gad7"):
        own = [one for one in forms if one.instrument == name]
        if len(own) > 1:
            places = (f"{scale.x(one.taken_on)},{scale.y(one.total or 0)}" for one in own)
            yield " ".join(places)


def _bars(scale: Scale, begun: Sequence[Course], today: date) -> Iterator[Bar]:
    """The name is behind the bar, or before its end where there is no room."""
    for row, course in enumerate(begun):
        if course.first_session_on is None:
            continue
        x = scale.x(course.first_session_on)
        end = scale.x(course.last_session_on or today)
        width = max(4.0, round(end - x, 1))
        y = TOP + PLOT_HEIGHT + AXIS_HEIGHT + row * ROW_HEIGHT
        has_room = x + width < WIDTH / 2
        text_x, anchor = (x + width + 6, "start") if has_room else (x - 6, "end")
        yield Bar(x, y, width, course.get_option_display(), round(text_x, 1), anchor)


def _bands(scale: Scale, begun: Sequence[Course], today: date) -> Iterator[Band]:
    for start, window in _with_bands(begun, today):
        first, last = (scale.x(start + timedelta(days=one)) for one in (window.first, window.last))
        yield Band(first, round(last - first, 1), str(window.day))


def _with_bands(begun: Sequence[Course], today: date) -> list[tuple[date, Window]]:
    """The fixed days that have begun, of the newest course that has reached one."""
    for course in reversed(begun):
        start = course.first_session_on or today
        reached = [one for one in WINDOWS if start + timedelta(days=one.first) <= today]
        if reached:
            return [(start, one) for one in reached]
    return []


def _months(scale: Scale) -> Iterator[Tick]:
    months = (scale.last.year - scale.first.year) * 12 + scale.last.month - scale.first.month
    every = max(1, -(-months // MOST_MONTHS))
    for count in range(1, months + 1, every):
        place = scale.first.year * 12 + scale.first.month - 1 + count
        day = date(place // 12, place % 12 + 1, 1)
        if day <= scale.last:
            yield Tick(scale.x(day), f"{day:%b %Y}")
