"""The page of a plan: saving, bad input, two people, other clinics, hostile text."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from icalendar import Calendar

from decisions.cases.models import Case
from decisions.plans.models import StoredPlan
from kapnet.core.audit.models import Event
from kapnet.core.people.models import User
from tests.collecting import for_each
from tests.decisions.case_factories import clinic_of, make_case
from tests.decisions.plans.plan_factories import store

pytestmark = pytest.mark.django_db
ClientFor = Callable[[User], Client]

FILLED: dict[str, Any] = {
    "version": "",
    "tms_first_day": "2026-11-30",
    "tms_weekdays": ["0", "1", "2", "3", "4"],
    "tms_sessions": "20",
    "tms_a_day": "1",
    "tms_time": "09:30",
    "taper": "3, 2, 1",
    "ketamine_route": "esketamine",
    "ketamine_days": "12/2/2026\n2026-12-09",
    "ketamine_time": "13:00",
    "watcher": "Nurse B. Muster",
    "driver": "not_known",
    "closed_days": "12/24/2026 to 12/26/2026, 1/1/2027",
    "spacing": "apart",
}


@pytest.fixture
def case(therapist: User) -> Case:
    return make_case(therapist)


@pytest.fixture
def client(client_for: ClientFor, therapist: User) -> Client:
    return client_for(therapist)


def address(case: Case, name: str = "plan") -> str:
    return reverse(f"plan:{name}", args=[case.pk])


def stored(case: Case, therapist: User) -> StoredPlan | None:
    with clinic_of(therapist):
        found: StoredPlan | None = StoredPlan.objects.filter(case=case).first()
    return found


def test_plan_is_saved_and_shown(client: Client, case: Case, therapist: User) -> None:
    response = client.post(address(case), FILLED, follow=True)

    row, page = stored(case, therapist), response.content.decode()
    assert row is not None
    assert row.content["closed_days"] == ["2026-12-24", "2026-12-25", "2026-12-26", "2027-01-01"]
    assert row.content["ketamine_days"] == ["2026-12-02", "2026-12-09"]
    assert "TMS course: 20 sessions, 30 November 2026 to 31 December 2026" in page
    assert "not evidence" in page
    assert "Whether somebody brings the patient home after ketamine is not known." in page
    assert Event.objects.filter(action="plan.saved", case_id=case.pk).count() == 1


def test_form_shows_what_was_saved_and_saves_it_unchanged(
    client: Client, case: Case, therapist: User
) -> None:
    client.post(address(case), FILLED)
    form = client.get(address(case)).context["form"]
    again = {name: "" if one is None else one for name, one in form.initial.items()}

    client.post(address(case), again)

    row = stored(case, therapist)
    assert row is not None
    assert row.version == 1
    assert Event.objects.filter(action="plan.saved").count() == 1


def test_empty_plan_is_all_not_known(client: Client, case: Case, therapist: User) -> None:
    page = client.post(address(case), {"version": ""}, follow=True).content.decode()

    row = stored(case, therapist)
    assert row is not None
    assert "No day can be given yet." in page
    assert "first day of TMS; weekdays of TMS" in page
    assert "calendar.ics" not in page


@for_each(
    ("changes", "says"),
    [
        ({"tms_first_day": "2026-02-30"}, "Enter a real date"),
        ({"tms_first_day": "1026-02-03"}, "Enter a real date"),
        ({"tms_sessions": "101"}, "Enter a whole number from 0 to 100"),
        ({"tms_sessions": "-1"}, "Enter a whole number from 0 to 100"),
        ({"tms_a_day": "0"}, "Enter a whole number from 1 to 10"),
        ({"tms_time": "25:00"}, "Enter a time of day"),
        ({"taper": "3 2 x"}, "Enter sessions a week"),
        ({"taper": "6"}, "Enter at most 5 a week"),
        ({"ketamine_sessions": "3"}, "You wrote 2 days and asked for 3 sessions"),
        ({"ketamine_days": "some day"}, "This is not a date from 2000 to 2100: some day"),
        ({"closed_days": "1/2/2027 to 1/1/2027"}, "from an earlier to a later day"),
        ({"closed_days": "1/1/2026 to 1/1/2099"}, "at most 400 days"),
        ({"watcher": "Nurse\u202eB"}, "characters that cannot be seen"),
    ],
    undone=True,
)
def test_bad_input_is_explained_and_kept(
    client: Client, case: Case, therapist: User, changes: dict[str, str], says: str
) -> None:
    response = client.post(address(case), {**FILLED, **changes})

    page = response.content.decode()
    assert response.status_code == 422
    assert says in page
    assert 'value="09:30"' in page or "tms_time" in changes
    assert stored(case, therapist) is None


def test_second_person_is_told_and_keeps_what_was_typed(
    client: Client, case: Case, therapist: User
) -> None:
    client.post(address(case), FILLED)
    client.post(address(case), {**FILLED, "version": "1", "tms_sessions": "30"})

    response = client.post(address(case), {**FILLED, "version": "1", "watcher": "Dr. Typed"})

    row = stored(case, therapist)
    assert response.status_code == 409
    assert "Someone else has saved this since you opened it" in response.content.decode()
    assert "Dr. Typed" in response.content.decode()
    assert row is not None
    assert (row.version, row.content["tms_sessions"]) == (2, 30)


@pytest.mark.parametrize("version", ["", "7", "9" * 30])
def test_version_that_never_was_is_a_conflict(client: Client, case: Case, version: str) -> None:
    client.post(address(case), FILLED)

    response = client.post(address(case), {**FILLED, "version": version, "taper": ""})

    assert response.status_code == 409


def test_weekday_sent_twice_counts_once(client: Client, case: Case) -> None:
    sent = {**FILLED, "tms_weekdays": ["0", "0"], "taper": "2"}

    assert "Enter at most 1 a week" in client.post(address(case), sent).content.decode()


def test_second_first_plan_is_a_conflict(client: Client, case: Case) -> None:
    client.post(address(case), FILLED)

    assert client.post(address(case), {**FILLED, "taper": ""}).status_code == 409


def test_hostile_text_is_shown_as_it_is(client: Client, case: Case) -> None:
    text = "<script>alert(1)</script> {{ 7|add:7 }} {watcher}"
    page = client.post(address(case), {**FILLED, "watcher": text}, follow=True).content.decode()

    assert "<script>alert(1)" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt; {{ 7|add:7 }} {watcher}" in page


def test_calendar_is_downloaded_and_written_down(
    client: Client, case: Case, therapist: User
) -> None:
    store(case, therapist)

    response = client.get(address(case, "calendar"))

    assert response["Content-Type"] == "text/calendar; charset=utf-8"
    assert response["Content-Disposition"] == 'attachment; filename="plan-of-days.ics"'
    assert "no-store" in response["Cache-Control"]
    assert len(Calendar.from_ical(response.content).walk("VEVENT")) == 30
    assert Event.objects.filter(action="plan.exported", case_id=case.pk).exists()


def test_plan_without_days_has_no_calendar(client: Client, case: Case) -> None:
    assert client.get(address(case, "calendar"))["Location"] == address(case)


@pytest.mark.parametrize("name", ["plan", "calendar"])
def test_other_clinic_finds_nothing(
    client_for: ClientFor, other_therapist: User, therapist: User, case: Case, name: str
) -> None:
    store(case, therapist)

    assert client_for(other_therapist).get(address(case, name)).status_code == 404


@pytest.mark.parametrize("name", ["plan", "calendar"])
def test_staff_may_not_plan(client_for: ClientFor, staff: User, case: Case, name: str) -> None:
    assert client_for(staff).get(address(case, name)).status_code == 403


def test_case_leads_to_its_plan(client: Client, case: Case) -> None:
    page = client.get(reverse("cases:case", args=[case.pk])).content.decode()

    assert f'href="{address(case)}"' in page


def test_plan_is_withdrawn_and_planned_again(client: Client, case: Case, therapist: User) -> None:
    client.post(address(case), FILLED)
    stale = client.post(address(case, "withdraw"), {"version": "7"}, follow=True)
    assert (
        "Not withdrawn: somebody else has saved this plan since you opened it."
        in stale.content.decode()
    )

    page = client.post(address(case, "withdraw"), {"version": "1"}, follow=True).content.decode()

    assert "This plan was withdrawn on" in page
    assert 'value="09:30"' in page
    assert "The days</h2>" not in page
    entries = Calendar.from_ical(client.get(address(case, "calendar")).content).walk("VEVENT")
    assert {str(one["status"]) for one in entries} == {"CANCELLED"}
    assert Event.objects.filter(action="plan.withdrawn", case_id=case.pk).count() == 1

    client.post(address(case), {**FILLED, "version": "2"})

    row = stored(case, therapist)
    assert row is not None
    assert (row.version, row.is_withdrawn, row.gone) == (3, False, {})
