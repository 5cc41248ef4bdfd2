"""What a later score says beside the one before treatment. Integers alone: nothing is rounded.

The definitions are fixed. A change of any number here is another version, and the version is
printed beside every figure that rests on it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from decisions.rules.logic.values import Frozen

VERSION = "1"


class Measure(Frozen):
    """How the change of one instrument is read, in points.

    eligible_from: a score before treatment below it says too little about a change.
    remission_below, reliable: see `Change`. relapse_from, relapse_rise: see `relapse_in`; None
    where there is no relapse by this instrument.
    Sources: HEDIS DRR-E, which begins at 10 and ends below 5 (PHQ-9); the manual of NHS Talking
    Therapies, which asks for 6 points of the PHQ-9 and 4 of the GAD-7. The rule of a relapse is
    our own: no source was found that publishes one.
    """

    id: str
    name: str
    eligible_from: int = 10
    remission_below: int = 5
    reliable: int
    relapse_from: int | None = None
    relapse_rise: int | None = None


PHQ9 = Measure(id="phq9", name="PHQ-9", reliable=6, relapse_from=10, relapse_rise=5)
GAD7 = Measure(id="gad7", name="GAD-7", reliable=4)
MEASURES = {one.id: one for one in (PHQ9, GAD7)}


class Window(Frozen):
    """The days after the first session in which a score counts for `day`."""

    day: int
    around: int

    @property
    def first(self) -> int:
        """The first day that counts."""
        return self.day - self.around

    @property
    def last(self) -> int:
        """The last day that counts."""
        return self.day + self.around


WINDOWS = (
    Window(day=28, around=7),
    Window(day=84, around=14),
    Window(day=182, around=28),
    Window(day=364, around=28),
)
BASELINE_DAYS = 14
"""A score before treatment is at most so many days old at the first session."""


@dataclass(frozen=True, slots=True)
class Form:
    """One complete form that was not voided.

    day: on which the patient filled it in. authored_at: when that was, or when it was entered.
    """

    day: date
    authored_at: datetime
    total: int


@dataclass(frozen=True, slots=True)
class Start:
    """The first session of a course. noted_at: when it was first written down."""

    day: date
    noted_at: datetime


@dataclass(frozen=True, slots=True)
class Reading:
    """One form beside a course. day: counted from the first session. is_before: from before it."""

    day: int
    total: int
    is_before: bool = False


def readings_beside(start: Start, forms: Iterable[Form]) -> tuple[Reading, ...]:
    """The forms of one instrument beside a course, in the order in which they were filled in.

    One of the day of the first session is from before it only if it was there before the session
    was noted.
    """
    in_order = sorted(forms, key=lambda one: (one.day, one.authored_at, one.total))
    return tuple(
        Reading((one.day - start.day).days, one.total, _is_before(start, one)) for one in in_order
    )


def _is_before(start: Start, form: Form) -> bool:
    if form.day == start.day:
        return form.authored_at < start.noted_at
    return form.day < start.day


def baseline_of(readings: Iterable[Reading]) -> Reading | None:
    """The last score before treatment, never the worst. None where there is none.

    readings: in the order in which they were filled in, here and below.
    """
    found = None
    for one in readings:
        if one.is_before and one.day >= -BASELINE_DAYS:
            found = one
    return found


def follow_up_in(window: Window, readings: Iterable[Reading]) -> Reading | None:
    """The score that is nearest to the day, never the best; None where there is none.

    Of two that are equally near the earlier one; of two of one day the one that was filled in last.
    """
    found, distance = None, window.around + 1
    for one in readings:
        away = abs(one.day - window.day)
        if away < distance or (found is not None and one.day == found.day):
            found, distance = one, away
    return found


class Reliable(StrEnum):
    """Whether a change is larger than what two forms of an unchanged person differ by."""

    IMPROVED = "improved"
    NO_CHANGE = "no_change"
    WORSE = "worse"


@dataclass(frozen=True, slots=True)
class Change:
    """A score beside the one before treatment. The words are not exclusive."""

    measure: Measure
    before: int
    after: int

    @property
    def is_response(self) -> bool:
        """Whether it is at most half of what it was."""
        return 2 * self.after <= self.before

    @property
    def is_remission(self) -> bool:
        """Whether few or no symptoms are left."""
        return self.after < self.measure.remission_below

    @property
    def reliable(self) -> Reliable:
        """Whether it fell or rose by as many points as count."""
        if self.before - self.after >= self.measure.reliable:
            return Reliable.IMPROVED
        if self.after - self.before >= self.measure.reliable:
            return Reliable.WORSE
        return Reliable.NO_CHANGE


@dataclass(frozen=True, slots=True)
class Lasting:
    """How long a response or remission held, in days from the first session.

    since: of the first. relapse: None where no score says so. last_known: of the last score that
    was looked at.
    """

    since: int
    relapse: int | None
    last_known: int

    @property
    def is_followed(self) -> bool:
        """Whether anybody asked again."""
        return self.last_known > self.since


def lasting_of(measure: Measure, before: int, after: Iterable[Reading]) -> Lasting | None:
    """The first response or remission among the scores of a course, and its relapse.

    A relapse is the first score from `relapse_from` on that is at least `relapse_rise` points above
    the lowest since the response. None without a response, or where the instrument has no relapse.
    """
    if measure.relapse_from is None or measure.relapse_rise is None:
        return None
    since: int | None = None
    lowest = last = 0
    for one in after:
        if since is None:
            change = Change(measure, before, one.total)
            if change.is_response or change.is_remission:
                since, lowest, last = one.day, one.total, one.day
        elif one.total >= measure.relapse_from and one.total >= lowest + measure.relapse_rise:
            return Lasting(since, one.day, one.day)
        else:
            lowest, last = min(lowest, one.total), one.day
    return None if since is None else Lasting(since, None, last)
