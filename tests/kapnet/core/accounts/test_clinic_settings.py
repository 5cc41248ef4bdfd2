"""What a clinic sets for itself: its clock, and how long it keeps closed cases."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

import pytest
import time_machine
from django import forms
from django.test import Client
from django.utils import timezone

from kapnet.core.people.models import Clinic, User
from kapnet.core.web.day_fields import MomentField
from tests.collecting import for_each

pytestmark = pytest.mark.django_db

ClientFor = Callable[[User], Client]
EVENING = datetime(2026, 3, 4, 5, 30, tzinfo=UTC)
"""The 3rd in Vancouver, the 4th in New York."""


def save(client: Client, time_zone: str, kept_years: str = "7") -> int:
    sent = {"time_zone": time_zone, "kept_years": kept_years}
    return client.post("/clinic/settings/", sent).status_code


@time_machine.travel(EVENING, tick=False)
def test_day_and_hour_are_those_of_the_clinic(
    clinic: Clinic, manager: User, therapist: User, client_for: ClientFor
) -> None:
    client = client_for(manager)

    assert "00:30 in the clinic" in client.get("/clinic/settings/").content.decode()
    assert save(client, "america/vancouver") == 302

    clinic.refresh_from_db()
    assert clinic.time_zone == "America/Vancouver"
    assert "21:30 in the clinic" in client.get("/clinic/settings/").content.decode()
    assert "Times are America/Vancouver time" in client.get("/clinic/audit/").content.decode()
    days = {"stand_in": str(manager.pk), "away_from": "2026-03-03", "away_until": "2026-03-03"}
    answer = client_for(therapist).post("/profile/away/", days)
    assert "This day is over" not in answer.content.decode()


@for_each(
    ("time_zone", "kept_years"),
    [("Mars/North", "7"), ("", "0"), ("", "5"), ("", "101"), ("", ""), ("", "seven")],
)
def test_odd_settings_are_refused(
    clinic: Clinic, manager: User, client_for: ClientFor, time_zone: str, kept_years: str
) -> None:
    assert save(client_for(manager), time_zone, kept_years) == 422
    clinic.refresh_from_db()
    assert (clinic.time_zone, clinic.kept_years) == ("", 7)


@for_each(
    ("typed", "said"),
    [
        (
            "2026-11-01T01:30",
            "The clocks went back on 1 November 2026: 01:30 came twice. Enter a time before 01:00 "
            "or from 02:00 on",
        ),
        ("2026-03-08T02:30", "The clocks went forward on 8 March 2026: there was no 02:30"),
        ("soon", "Enter a valid date/time."),
    ],
)
def test_hour_that_a_clock_shows_twice_or_never_is_explained(typed: str, said: str) -> None:
    with timezone.override("America/New_York"), pytest.raises(forms.ValidationError) as problem:
        MomentField().clean(typed)

    assert said in problem.value.messages[0]


def test_other_hours_are_those_of_the_clock() -> None:
    with timezone.override("America/New_York"):
        moment = MomentField().clean("2026-11-01T02:00")

    assert moment == datetime(2026, 11, 1, 7, 0, tzinfo=UTC)
