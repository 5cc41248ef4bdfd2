"""What became of one course of treatment: the score before it, and those around its fixed days."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from decisions.rules.outcomes.change import (
    BASELINE_DAYS,
    WINDOWS,
    Change,
    Lasting,
    Measure,
    Reading,
    Window,
    baseline_of,
    follow_up_in,
    lasting_of,
)


class Standing(StrEnum):
    """What can be said of a course around one of its days."""

    NO_BASELINE = "no_baseline"
    BELOW = "below"
    NOT_DUE = "not_due"
    MISSING = "missing"
    ASSESSED = "assessed"


@dataclass(frozen=True, slots=True)
class WindowResult:
    """One fixed day of a course.

    While a window is open it is not due, whether or not there is a score in it: counting only
    those who came early would leave out those who did not. change: None without both scores.
    """

    window: Window
    standing: Standing
    change: Change | None
    reading: Reading | None


@dataclass(frozen=True, slots=True)
class CourseResult:
    """A course by one instrument."""

    measure: Measure
    baseline: Reading | None
    windows: tuple[WindowResult, ...]
    lasting: Lasting | None

    @property
    def is_eligible(self) -> bool:
        """Whether it can be counted in a share."""
        return self.baseline is not None and self.baseline.total >= self.measure.eligible_from


def result_of(
    measure: Measure,
    readings: Sequence[Reading],
    *,
    days: int,
    next_start: int | None = None,
) -> CourseResult:
    """What became of a course by one instrument.

    readings: every form of the person by it, in the order in which they were filled in. days: how
    many days after the first session it is counted. next_start: the day of the first session of the
    next course of this person, from which a response is no longer of this course alone.
    """
    baseline = baseline_of(readings)
    windows = tuple(_window(measure, one, baseline, readings, days=days) for one in WINDOWS)
    lasting = None
    if baseline is not None and baseline.total >= measure.eligible_from:
        own = [one for one in readings if _is_of_course(one, next_start)]
        lasting = lasting_of(measure, baseline.total, own)
    return CourseResult(measure, baseline, windows, lasting)


def _is_of_course(reading: Reading, next_start: int | None) -> bool:
    return not reading.is_before and (next_start is None or reading.day < next_start)


def _window(
    measure: Measure,
    window: Window,
    baseline: Reading | None,
    readings: Sequence[Reading],
    *,
    days: int,
) -> WindowResult:
    reading = follow_up_in(window, readings)
    change = None
    if baseline is None:
        standing = Standing.NO_BASELINE
    elif baseline.total < measure.eligible_from:
        standing = Standing.BELOW
    elif days <= window.last:
        standing = Standing.NOT_DUE
    else:
        standing = Standing.MISSING if reading is None else Standing.ASSESSED
    if baseline is not None and reading is not None:
        change = Change(measure, baseline.total, reading.total)
    return WindowResult(window, standing, change, reading)


@dataclass(frozen=True, slots=True)
class DueDays:
    """When a form is asked for: best on `target`, and from `first` to `last`."""

    target: date
    first: date
    last: date


def due_days(first_session: date) -> tuple[DueDays, ...]:
    """The form before treatment, then one for each fixed day."""
    before = DueDays(first_session, first_session - timedelta(days=BASELINE_DAYS), first_session)
    return (before, *(_due(first_session, one) for one in WINDOWS))


def _due(first_session: date, window: Window) -> DueDays:
    days = (first_session + timedelta(days=one) for one in (window.day, window.first, window.last))
    return DueDays(*days)


def whole_months(first: date, last: date) -> int:
    """How many months of the calendar are over between two days."""
    months = (last.year - first.year) * 12 + last.month - first.month
    return months - (1 if last.day < first.day else 0)
