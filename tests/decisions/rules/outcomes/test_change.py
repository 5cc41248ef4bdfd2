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
    Form,
    Lasting,
    Measure,
    Reading,
    Reliable,
    Start,
    baseline_of,
    follow_up_in,
    lasting_of,
    readings_beside,
)
from decisions.rules.outcomes.courses import Standing, due_days, result_of, whole_months
from tests.collecting import for_each

FIRST = date(2026, 1, 5)
NOON = datetime(2026, 1, 5, 12, tzinfo=UTC)
START = Start(FIRST, NOON)


def form(day: int, total: int, *, hour: int = 9) -> Form:
    at = datetime(2026, 1, 5, hour, tzinfo=UTC) + timedelta(days=day)
    return Form(FIRST + timedelta(days=day), at, total)


def beside(forms: Sequence[Form]) -> tuple[Reading, ...]:
    return readings_beside(START, forms)


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
    ("too old", [form(-15, 20)], None),
    ("oldest that counts", [form(-14, 20)], 20),
    ("the last, not the worst", [form(-9, 25), form(-3, 18)], 18),
    ("same day, before it was noted", [form(-3, 18), form(0, 15)], 15),
    ("same day, after it was noted", [form(-3, 18), form(0, 15, hour=13)], 18),
    ("two of one day: the last", [form(-3, 18, hour=8), form(-3, 17, hour=10)], 17),
    ("after it", [form(1, 9)], None),
]


@for_each(("name", "readings", "total"), BASELINES)
def test_baseline(name: str, readings: list[Form], total: int | None) -> None:
    found = baseline_of(beside(readings))

    assert (found.total if found else None) == total


FOLLOW_UPS = [
    ("day 20 is out", [form(20, 9)], None),
    ("day 21 is in", [form(21, 9)], 9),
    ("day 35 is in", [form(35, 9)], 9),
    ("day 36 is out", [form(36, 9)], None),
    ("the nearest, not the best", [form(30, 9), form(35, 2)], 9),
    ("of two as near the earlier", [form(30, 9), form(26, 14)], 14),
    ("two of one day: the last", [form(28, 9, hour=8), form(28, 12, hour=10)], 12),
]


@for_each(("name", "readings", "total"), FOLLOW_UPS)
def test_follow_up_around_day_28(name: str, readings: list[Form], total: int | None) -> None:
    found = follow_up_in(WINDOWS[0], beside(readings))

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
    ("window open", 35, [form(-1, 15), form(28, 4)], Standing.NOT_DUE),
    ("assessed", 36, [form(-1, 15), form(28, 4)], Standing.ASSESSED),
    ("missing", 36, [form(-1, 15)], Standing.MISSING),
    ("no baseline", 36, [form(28, 4)], Standing.NO_BASELINE),
    ("below", 36, [form(-1, 9), form(28, 4)], Standing.BELOW),
    ("just enough", 36, [form(-1, 10), form(28, 4)], Standing.ASSESSED),
]


@for_each(("name", "day", "readings", "standing"), STANDINGS)
def test_standing(name: str, day: int, readings: list[Form], standing: Standing) -> None:
    result = result_of(PHQ9, beside(readings), days=day)

    assert result.windows[0].standing is standing


def days_of(found: Lasting | None) -> tuple[int, int | None, int] | None:
    return (found.since, found.relapse, found.last_known) if found else None


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
    after = [Reading(*one) for one in scores]

    assert days_of(lasting_of(PHQ9, 20, after)) == said
    assert lasting_of(GAD7, 20, after) is None


def test_next_course_ends_what_is_of_this_one() -> None:
    readings = beside([form(-1, 20), form(20, 8), form(90, 16)])

    own = result_of(PHQ9, readings, days=400)
    ended = result_of(PHQ9, readings, days=400, next_start=60)

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


forms = st.lists(
    st.builds(form, st.integers(-20, 400), st.integers(0, 27), hour=st.integers(0, 23)),
    max_size=12,
)


@settings(max_examples=150, deadline=None)
@given(forms, st.randoms(use_true_random=False))
def test_order_of_rows_and_scores_outside_of_a_window_change_nothing(
    given_forms: list[Form], random: Random
) -> None:
    result = result_of(PHQ9, beside(given_forms), days=400)
    shuffled = random.sample(given_forms, len(given_forms))

    assert result_of(PHQ9, beside(shuffled), days=400) == result
    more = result_of(PHQ9, beside([*given_forms, form(120, 0)]), days=400)
    assert more.windows == result.windows
