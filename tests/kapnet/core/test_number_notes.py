"""Numbers that look mistyped get a note, and are kept as they are."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from kapnet.core.number_notes import npi_note, phone_note
from kapnet.core.people.models import User
from tests.collecting import for_each
from tests.kapnet.core.directory.directory_factories import make_site

ClientFor = Callable[[User], Client]


@for_each(
    ("number", "is_odd"),
    [
        ("1234567893", False),
        ("NPI 1234567893", False),
        ("npi: 1234567890", True),
        ("1234567890", True),
        ("2234567890", True),
        ("12345", False),
        ("PSY 30111", False),
        ("3234567890", False),
        ("", False),
    ],
)
def test_check_digit_of_an_npi(number: str, is_odd: bool) -> None:
    assert bool(npi_note(number)) == is_odd


@for_each(
    ("number", "is_odd"),
    [
        ("555-0100", False),
        ("(415) 555-0100", False),
        ("+1 415 555 0100 ext. 12", False),
        ("(415) 555-0100 or 555-0101", False),
        ("415 555 0100, ask for Ann", False),
        ("+49 89 123456", False),
        ("", False),
        ("5", True),
        ("415.555.O100", True),
        ("not a phone", True),
        ("415555010012345", True),
    ],
)
def test_phone_that_cannot_be_dialed(number: str, is_odd: bool) -> None:
    assert bool(phone_note(number, "US")) == is_odd


@pytest.mark.django_db
def test_notes_are_beside_what_was_saved(client_for: ClientFor, staff: User) -> None:
    site = make_site(staff, phone="not a phone")
    client = client_for(staff)
    client.post("/profile/", {"name": "Sam", "license_number": "1234567890", "phone": "5"})

    profile = client.get("/profile/").content.decode()
    entry = client.get(f"/directory/{site.colleague_id}/").content.decode()

    assert "its check digit does not fit" in profile
    assert "“5” does not read as a phone number" in profile
    assert "“not a phone” does not read as a phone number" in entry
