"""The calendar file: read back by the library, and held to the rules of RFC 5545."""

from __future__ import annotations

from collections import Counter
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from icalendar import Calendar

from decisions.cases.models import Case
from decisions.plans.actions import withdraw_plan
from decisions.plans.calendar_file import calendar_file
from decisions.plans.queries import LaidOut, plan_of
from decisions.rules.loading import CURRENT_EDITION
from evidence.loading import load_dossier
from kapnet.core.people.models import User
from tests.collecting import for_each
from tests.decisions.case_factories import clinic_of, make_case
from tests.decisions.plans.plan_factories import store

pytestmark = pytest.mark.django_db
ZONE = "America/New_York"


@pytest.fixture
def case(therapist: User) -> Case:
    return make_case(therapist, name="Maren Testcase", born=date(1984, 3, 14))


def write(plan: LaidOut, zone: str = ZONE) -> bytes:
    return calendar_file(plan, zone=zone, product="Kapnet")


def entries(content: bytes) -> list[Any]:
    return list(Calendar.from_ical(content).walk("VEVENT"))


def test_file_reads_back_as_the_plan(case: Case, therapist: User) -> None:
    plan = store(case, therapist)

    found = entries(write(plan))

    starts = sorted(one.decoded("dtstart") for one in found)
    assert len(found) == 30
    assert starts == [
        datetime.combine(one.day, one.at, ZoneInfo(ZONE)) for one in plan.planned.visits if one.at
    ]
    assert {str(one["summary"]) for one in found} >= {
        "TMS session 1 of 26",
        "TMS taper, session 26 of 26",
        "Ketamine session 4 of 4",
    }
    assert all("not evidence" in one["description"] for one in found)


def test_file_keeps_the_rules_of_the_format(case: Case, therapist: User) -> None:
    content = write(store(case, therapist))
    calendar = Calendar.from_ical(content)

    lines = content.split(b"\r\n")
    assert lines[0] == b"BEGIN:VCALENDAR"
    assert lines[-2:] == [b"END:VCALENDAR", b""]
    assert all(len(line) <= 75 and b"\n" not in line for line in lines)
    assert calendar["version"] == "2.0"
    assert calendar["prodid"]
    found = entries(content)
    assert len({str(one["uid"]) for one in found}) == len(found)
    assert all(one["dtstamp"].to_ical().endswith(b"Z") for one in found)
    assert not [one for one in found if one.errors]
    assert {one["dtstart"].params["tzid"] for one in found} == {ZONE}
    assert [zone.tz_name for zone in calendar.timezones] == [ZONE]


def test_same_plan_gives_the_same_bytes(case: Case, therapist: User) -> None:
    plan = store(case, therapist)

    assert write(plan) == write(plan)


def test_file_names_nobody(case: Case, therapist: User) -> None:
    content = write(store(case, therapist)).decode()

    for said in ("Maren", "Testcase", "1984", "Muster", "Nurse", str(case.pk), "Sample"):
        assert said not in content


def states(content: bytes) -> dict[str, tuple[str, int]]:
    return {str(one["uid"]): (str(one["status"]), one["sequence"]) for one in entries(content)}


def test_changed_plan_keeps_ids_counts_on_and_cancels_what_is_gone(
    case: Case, therapist: User
) -> None:
    before = write(store(case, therapist))
    fewer = write(store(case, therapist, version=1, tms_sessions=19, ketamine_sessions=1))
    more = write(store(case, therapist, version=2, tms_sessions=18, ketamine_sessions=2))
    withdrawn = write(take_back(case, therapist, version=3))
    again = write(store(case, therapist, version=4))

    counted = [Counter(states(one).values()) for one in (before, fewer, more, withdrawn, again)]
    assert counted == [
        {("CONFIRMED", 0): 30},
        {("CONFIRMED", 1): 26, ("CANCELLED", 1): 4},
        {("CONFIRMED", 2): 26, ("CANCELLED", 2): 4},
        {("CANCELLED", 3): 30},
        {("CONFIRMED", 4): 30},
    ]
    assert states(before).keys() == states(fewer).keys() == states(withdrawn).keys()
    gone = [one for one in entries(fewer) if one["status"] == "CANCELLED"]
    assert {str(one["summary"]) for one in gone} == {
        "TMS taper, session 26 of 26",
        *(f"Ketamine session {number} of 4" for number in (2, 3, 4)),
    }
    assert all(isinstance(one.decoded("dtstart"), datetime) for one in gone)


def take_back(case: Case, actor: User, *, version: int) -> LaidOut:
    with clinic_of(actor):
        withdraw_plan(case=case, actor=actor, version=version)
        stored = plan_of(case)
    assert stored is not None
    return LaidOut(stored, CURRENT_EDITION, load_dossier())


def test_entry_without_a_time_takes_the_day(case: Case, therapist: User) -> None:
    found = entries(write(store(case, therapist, tms_time=None, ketamine_sessions=0)))

    assert {one["dtstart"].params.get("value") for one in found} == {"DATE"}
    assert found[0].decoded("dtstart") == date(2026, 11, 30)


def test_time_of_day_stays_when_clocks_change(case: Case, therapist: User) -> None:
    plan = store(case, therapist, tms_first_day="2027-03-12", tms_weekdays=(4, 0), taper=())

    first, second = (one.decoded("dtstart") for one in entries(write(plan))[:2])

    assert (first.day, second.day, first.hour, second.hour) == (12, 15, 9, 9)
    assert first.utcoffset() != second.utcoffset()


@for_each(
    ("zone", "named"),
    [
        ("America/New_York", True),
        ("UTC", False),
        ("Asia/Kolkata", True),
        ("Australia/Lord_Howe", True),
        ("Europe/Berlin", True),
        ("America/Santiago", False),  # no rule of weekdays: written in UTC
    ],
)
def test_every_zone_reads_back(case: Case, therapist: User, zone: str, named: bool) -> None:
    stored = plan_of_case(case, therapist)
    content = write(stored, zone)

    found = entries(content)[0]
    assert found.decoded("dtstart") == datetime(2026, 11, 30, 9, 30, tzinfo=ZoneInfo(zone))
    assert ("tzid" in found["dtstart"].params) is named
    assert len(Calendar.from_ical(content).timezones) == named


def plan_of_case(case: Case, therapist: User) -> LaidOut:
    with clinic_of(therapist):
        stored = plan_of(case)
    if stored is None:
        return store(case, therapist)
    return LaidOut(stored, CURRENT_EDITION, load_dossier())


def test_every_file_has_the_same_whole_zone(case: Case, therapist: User) -> None:
    winter = write(store(case, therapist))
    summer = write(store(case, therapist, version=1, tms_first_day="2031-06-02"))

    zones = [
        one[one.index(b"BEGIN:VTIMEZONE") : one.index(b"END:VTIMEZONE")] for one in (winter, summer)
    ]
    assert zones[0] == zones[1]
    assert zones[0].count(b"RRULE:") == 2
    assert b"RDATE" not in zones[0]
    assert b"COMMENT" not in zones[0]


def test_several_sessions_of_one_day_are_one_entry(case: Case, therapist: User) -> None:
    plan = store(case, therapist, tms_a_day=5, taper=(), ketamine_sessions=0)

    assert str(entries(write(plan))[0]["summary"]) == "TMS sessions 1 to 5 of 20"
