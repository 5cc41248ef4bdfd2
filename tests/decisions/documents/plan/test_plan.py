"""The days of a plan: tables of calendars, and what holds for every plan."""

from __future__ import annotations

import subprocess
import sys
from datetime import date, time, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from decisions.documents.plan.schedule import PlanAsked, lay_out, week_of
from tests.collecting import for_each

WEEKDAYS = (0, 1, 2, 3, 4)
MONDAY = date(2026, 11, 30)


def asked(**changes: Any) -> PlanAsked:
    """Three sessions of TMS on weekdays from a Monday, with these parts changed."""
    said = {"tms_first_day": MONDAY, "tms_weekdays": WEEKDAYS, "tms_sessions": 3, **changes}
    return PlanAsked.model_validate(said)


def tms_days(plan: PlanAsked) -> list[str]:
    return [one.day.isoformat() for one in lay_out(plan).tms]


@for_each(
    ("changes", "days"),
    [
        ({}, ["2026-11-30", "2026-12-01", "2026-12-02"]),
        ({"tms_sessions": 0}, []),
        ({"tms_first_day": None}, []),
        ({"tms_weekdays": ()}, []),
        ({"tms_sessions": None}, []),
        ({"closed_days": ["2026-11-30"]}, ["2026-12-01", "2026-12-02", "2026-12-03"]),
        ({"tms_first_day": "2026-11-28"}, ["2026-11-30", "2026-12-01", "2026-12-02"]),
        (
            {"tms_first_day": "2026-12-31", "closed_days": ["2027-01-01"]},
            ["2026-12-31", "2027-01-04", "2027-01-05"],
        ),
        (
            {"tms_first_day": "2028-02-28", "tms_weekdays": range(7)},
            ["2028-02-28", "2028-02-29", "2028-03-01"],
        ),
        (
            {"tms_first_day": "2027-02-27", "tms_weekdays": range(7)},
            ["2027-02-27", "2027-02-28", "2027-03-01"],
        ),
        ({"tms_weekdays": (5,)}, ["2026-12-05", "2026-12-12", "2026-12-19"]),
        (
            {"tms_first_day": "2027-03-13", "tms_weekdays": (5, 6)},
            ["2027-03-13", "2027-03-14", "2027-03-20"],
        ),
        ({"tms_sessions": 5, "tms_a_day": 3}, ["2026-11-30", "2026-12-01"]),
    ],
    ids=[
        "plain",
        "no sessions",
        "first day not known",
        "weekdays not known",
        "number not known",
        "starts on a holiday",
        "starts on a Saturday",
        "over New Year",
        "leap day",
        "end of February",
        "Saturday clinic",
        "over the change of clocks",
        "several a day",
    ],
)
def test_tms_falls_on_its_days(changes: dict[str, Any], days: list[str]) -> None:
    assert tms_days(asked(**changes)) == days


def test_sixty_sessions_end_after_twelve_weeks() -> None:
    planned = lay_out(asked(tms_sessions=60))

    assert (len(planned.tms), planned.tms[-1].day) == (60, MONDAY + timedelta(days=81))


@for_each(
    ("taper", "closed", "days"),
    [
        ((3, 2, 1), (), ["12-07", "12-09", "12-11", "12-14", "12-18", "12-21"]),
        ((5,), (), ["12-07", "12-08", "12-09", "12-10", "12-11"]),
        ((1, 0, 1), (), ["12-07", "12-21"]),
        ((2,), (date(2026, 12, 7),), ["12-08", "12-11"]),
        ((2,), tuple(date(2026, 12, day) for day in range(7, 12)), ["12-14", "12-18"]),
    ],
)
def test_taper_begins_in_the_week_after_the_course(
    taper: tuple[int, ...], closed: tuple[date, ...], days: list[str]
) -> None:
    planned = lay_out(asked(taper=taper, closed_days=closed))

    assert [f"{one.day:%m-%d}" for one in planned.tms if one.treatment == "taper"] == days


def test_ketamine_follows_its_pattern_past_closed_days() -> None:
    plan = asked(
        ketamine_first_day=MONDAY,
        ketamine_weekdays=(1, 4),
        ketamine_sessions=3,
        closed_days=["2026-12-04"],
    )

    assert [one.day.day for one in lay_out(plan).ketamine] == [1, 8, 11]


def test_written_days_of_ketamine_stay_where_they_are() -> None:
    plan = asked(ketamine_days=["2026-12-06", "2026-12-02"], closed_days=["2026-12-06"])

    assert [one.day.day for one in lay_out(plan).ketamine] == [2, 6]


def test_tms_moves_past_days_of_ketamine_and_says_so() -> None:
    planned = lay_out(asked(ketamine_days=["2026-12-01"]))

    assert [one.day.day for one in planned.tms] == [30, 2, 3]
    assert planned.kept_apart == (date(2026, 12, 1),)
    assert not planned.shared_days


def test_same_day_stays_where_it_is_asked_for() -> None:
    planned = lay_out(asked(ketamine_days=["2026-12-01"], keep_apart=False))

    assert planned.shared_days == (date(2026, 12, 1),)
    assert [one.treatment for one in planned.visits] == ["tms", "tms", "ketamine", "tms"]


def test_visits_of_one_day_follow_the_clock_where_it_is_known() -> None:
    planned = lay_out(
        asked(
            tms_sessions=1,
            ketamine_days=[MONDAY],
            keep_apart=False,
            ketamine_time=time(9),
            tms_time=time(15),
        )
    )

    assert [one.treatment for one in planned.visits] == ["ketamine", "tms"]


@pytest.mark.parametrize(
    ("ketamine", "is_sequence"), [("2026-11-29", True), ("2026-12-03", True), ("2026-12-01", False)]
)
def test_sequence_has_one_treatment_after_the_other(ketamine: str, is_sequence: bool) -> None:
    assert lay_out(asked(ketamine_days=[ketamine])).is_sequence is is_sequence


@for_each(
    "changes",
    [
        {"taper": (6,)},
        {"taper": (-1,)},
        {"tms_sessions": 101},
        {"tms_a_day": 0},
        {"tms_weekdays": (7,)},
        {"tms_first_day": "2200-01-01"},
        {"ketamine_days": ["2026-12-01"], "ketamine_sessions": 2},
        {"patient": "Maren"},
    ],
)
def test_impossible_plan_is_refused(changes: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        asked(**changes)


DAYS = st.dates(date(2026, 1, 1), date(2029, 1, 1))
WEEK = st.sets(st.integers(0, 6), min_size=1).map(tuple)


@st.composite
def plans(draw: st.DrawFn) -> PlanAsked:
    """Any plan in which everything about days is known."""
    weekdays = draw(WEEK)
    first = draw(DAYS)
    near = st.integers(-5, 90).map(lambda number: first + timedelta(days=number))
    return PlanAsked(
        tms_first_day=first,
        tms_weekdays=weekdays,
        tms_sessions=draw(st.integers(0, 60)),
        tms_a_day=draw(st.integers(1, 3)),
        taper=tuple(draw(st.lists(st.integers(0, len(weekdays)), max_size=4))),
        ketamine_first_day=draw(near),
        ketamine_weekdays=draw(WEEK),
        ketamine_sessions=draw(st.integers(0, 20)),
        closed_days=tuple(draw(st.sets(near, max_size=30))),
        keep_apart=draw(st.booleans()),
    )


@pytest.mark.slow
@settings(max_examples=150, deadline=None)
@given(plans())
def test_no_session_is_lost_or_doubled(plan: PlanAsked) -> None:
    planned = lay_out(plan)
    numbers = [number for one in planned.tms for number in range(one.first, one.last + 1)]

    assert numbers == list(range(1, plan.sessions_of_tms + 1))
    assert len(planned.ketamine) == plan.ketamine_sessions
    assert len({one.day for one in planned.tms}) == len(planned.tms)
    assert all(one.sessions <= plan.tms_a_day for one in planned.tms)


@settings(max_examples=150, deadline=None)
@given(plans())
def test_days_are_open_and_apart(plan: PlanAsked) -> None:
    planned = lay_out(plan)

    assert not {one.day for one in planned.visits} & set(plan.closed_days)
    assert {one.day.weekday() for one in planned.tms} <= set(plan.tms_weekdays)
    assert not (plan.keep_apart and planned.shared_days)
    assert list(planned.visits) == sorted(planned.visits, key=lambda one: (one.day, not one.is_tms))


@given(DAYS)
def test_week_begins_on_its_sunday(day: date) -> None:
    start = week_of(day)

    assert start.weekday() == 6
    assert 0 <= (day - start).days < 7


def test_plan_needs_no_django() -> None:
    program = (
        "import sys; sys.modules['django'] = None\n"
        "import decisions.documents.plan.in_words\n"
        "from decisions.documents.plan.schedule import PlanAsked, lay_out\n"
        "print(len(lay_out(PlanAsked()).visits))"
    )

    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=False
    )

    assert (done.returncode, done.stdout.strip(), done.stderr) == (0, "0", "")
