"""The definitions, at each of their edges, and what changes nothing."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from decisions.rules.outcomes.change import (
    GAD7,
    PHQ9,
    WINDOWS,
    Change,
    Lasting,
    Measure,
    Reading,
    Reliable,
    Start,
    baseline_of,
    follow_up_in,
    lasting_of,
)
from decisions.rules.outcomes.courses import Standing, due_days, result_of, whole_months
from tests.collecting import for_each

FIRST = date(2026, 1, 5)
NOON = datetime(2026, 1, 5, 12, tzinfo=UTC)
START = Start(FIRST, NOON)
LATER = FIRST + timedelta(days=400)


def reading(day: int, total: int, *, hour: int = 9) -> Reading:
    at = datetime(2026, 1, 5, hour, tzinfo=UTC) + timedelta(days=day)
    return Reading(FIRST + timedelta(days=day), at, total)


EDGES = [
    (PHQ9, 20, 10, (True, False, Reliable.IMPROVED)),
    (PHQ9, 21, 11, (False, False, Reliable.IMPROVED)),
    (PHQ9, 10, 5, (True, False, Reliable.NO_CHANGE)),
    (PHQ9, 10, 4, (True, True, Reliable.IMPROVED)),
    (PHQ9, 16, 10, (False, False, Reliable.IMPROVED)),
    (PHQ9, 16, 11, (False, False, Reliable.NO_CHANGE)),
    (PHQ9, 16, 21, (False, False, Reliable.NO_CHANGE)),
    (PHQ9, 16, 22, (False, False, Reliable.WORSE)),
    (GAD7, 12, 8, (False, False, Reliable.IMPROVED)),
    (GAD7, 12, 9, (False, False, Reliable.NO_CHANGE)),
    (GAD7, 12, 16, (False, False, Reliable.WORSE)),
]


@for_each(("measure", "before", "after", "said"), EDGES)
def test_words_of_a_change(
    measure: Measure, before: int, after: int, said: tuple[bool, bool, Reliable]
) -> None:
    change = Change(measure, before, after)

    assert (change.is_response, change.is_remission, change.reliable) == said


BASELINES = [
    ("none", [], None),
    ("too old", [reading(-15, 20)], None),
    ("oldest that counts", [reading(-14, 20)], 20),
    ("the last, not the worst", [reading(-9, 25), reading(-3, 18)], 18),
    ("same day, before it was noted", [reading(-3, 18), reading(0, 15)], 15),
    ("same day, after it was noted", [reading(-3, 18), reading(0, 15, hour=13)], 18),
    ("two of one day: the last", [reading(-3, 18, hour=8), reading(-3, 17, hour=10)], 17),
    ("after it", [reading(1, 9)], None),
]


@for_each(("name", "readings", "total"), BASELINES)
def test_baseline(name: str, readings: list[Reading], total: int | None) -> None:
    found = baseline_of(START, readings)

    assert (found.total if found else None) == total


FOLLOW_UPS = [
    ("day 20 is out", [reading(20, 9)], None),
    ("day 21 is in", [reading(21, 9)], 9),
    ("day 35 is in", [reading(35, 9)], 9),
    ("day 36 is out", [reading(36, 9)], None),
    ("the nearest, not the best", [reading(30, 9), reading(35, 2)], 9),
    ("of two as near the earlier", [reading(30, 9), reading(26, 14)], 14),
    ("two of one day: the last", [reading(28, 9, hour=8), reading(28, 12, hour=10)], 12),
]


@for_each(("name", "readings", "total"), FOLLOW_UPS)
def test_follow_up_around_day_28(name: str, readings: list[Reading], total: int | None) -> None:
    found = follow_up_in(WINDOWS[0], START, readings)

    assert (found.total if found else None) == total


def test_windows_and_days_on_which_forms_are_asked_for() -> None:
    assert [(one.first, one.last) for one in WINDOWS] == [
        (21, 35),
        (70, 98),
        (154, 210),
        (336, 392),
    ]
    days = due_days(FIRST)
    assert [(one.target - FIRST).days for one in days] == [0, 28, 84, 182, 364]
    assert (days[0].first, days[0].last) == (FIRST - timedelta(days=14), FIRST)


STANDINGS = [
    ("window open", 35, [reading(-1, 15), reading(28, 4)], Standing.NOT_DUE),
    ("assessed", 36, [reading(-1, 15), reading(28, 4)], Standing.ASSESSED),
    ("missing", 36, [reading(-1, 15)], Standing.MISSING),
    ("no baseline", 36, [reading(28, 4)], Standing.NO_BASELINE),
    ("below", 36, [reading(-1, 9), reading(28, 4)], Standing.BELOW),
    ("just enough", 36, [reading(-1, 10), reading(28, 4)], Standing.ASSESSED),
]


@for_each(("name", "day", "readings", "standing"), STANDINGS)
def test_standing(name: str, day: int, readings: list[Reading], standing: Standing) -> None:
    result = result_of(PHQ9, START, readings, today=FIRST + timedelta(days=day))

    assert result.windows[0].standing is standing


def days_of(found: Lasting | None) -> tuple[int, int | None, int] | None:
    if found is None:
        return None
    relapse = (found.relapsed_on - FIRST).days if found.relapsed_on else None
    return (found.since - FIRST).days, relapse, (found.last_known - FIRST).days


RELAPSES = [
    ("no response", [(20, 15)], None),
    ("response, not asked again", [(20, 9)], (20, None, 20)),
    ("held", [(20, 9), (60, 10)], (20, None, 60)),
    ("10 and 5 above the lowest", [(20, 9), (40, 6), (60, 11)], (20, 60, 60)),
    ("5 above, but under 10", [(20, 4), (60, 9)], (20, None, 60)),
    ("the first one counts", [(20, 4), (60, 10), (80, 20)], (20, 60, 60)),
]


@for_each(("name", "scores", "said"), RELAPSES)
def test_relapse(
    name: str, scores: Sequence[tuple[int, int]], said: tuple[int, int | None, int] | None
) -> None:
    after = [reading(*one) for one in scores]

    assert days_of(lasting_of(PHQ9, 20, after)) == said
    assert lasting_of(GAD7, 20, after) is None


def test_next_course_ends_what_is_of_this_one() -> None:
    readings = [reading(-1, 20), reading(20, 8), reading(90, 16)]

    own = result_of(PHQ9, START, readings, today=LATER)
    other = FIRST + timedelta(days=60)
    ended = result_of(PHQ9, START, readings, today=LATER, next_start=other)

    assert days_of(own.lasting) == (20, 90, 90)
    assert days_of(ended.lasting) == (20, None, 20)


@for_each(
    ("first", "last", "months"),
    [
        (date(2026, 1, 31), date(2026, 2, 28), 0),
        (date(2026, 1, 15), date(2026, 6, 15), 5),
        (date(2026, 1, 15), date(2026, 6, 14), 4),
        (date(2025, 11, 3), date(2026, 2, 4), 3),
    ],
)
def test_whole_months(first: date, last: date, months: int) -> None:
    assert whole_months(first, last) == months


scores = st.lists(
    st.builds(reading, st.integers(-20, 400), st.integers(0, 27), hour=st.integers(0, 23)),
    max_size=12,
)


@settings(max_examples=150, deadline=None)
@given(scores, st.randoms(use_true_random=False))
def test_order_of_rows_and_scores_outside_of_a_window_change_nothing(
    readings: list[Reading], random: Random
) -> None:
    result = result_of(PHQ9, START, readings, today=LATER)
    shuffled = random.sample(readings, len(readings))
    between = reading(120, 0)

    assert result_of(PHQ9, START, shuffled, today=LATER) == result
    more = result_of(PHQ9, START, [*readings, between], today=LATER)
    assert more.windows == result.windows
