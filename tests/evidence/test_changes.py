"""What changed since a day or a release."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import pytest
import time_machine
from django.test import Client
from django.utils import timezone
from playwright.sync_api import Page, ViewportSize

from evidence.loading import load_dossier
from evidence.models import Release
from evidence.release_changes import changes_since
from kapnet.core.people.models import User
from tests.collecting import for_each
from tests.evidence.evidence_factories import (
    add_source,
    approve,
    change_source,
    load_own_dossier,
    make_source,
    publish,
    withdraw,
)

pytestmark = pytest.mark.django_db

PHILIP, SENOVA = "philip-2016", "senova-2019"
FIRST = load_dossier().release


def _noon(year: int, month: int, day: int) -> datetime:
    return datetime(year, month, day, 12, tzinfo=timezone.get_default_timezone())


THE_DAY_AFTER = _noon(2027, 4, 2)


def _change(words: str, notes: str) -> Release:
    approve(change_source(PHILIP, findings=words))
    return publish(notes)


@pytest.fixture
def reader(client_for: Callable[[User], Client], therapist: User) -> Client:
    """A therapist, after releases in November 2026, March and April 2027."""
    with time_machine.travel(_noon(2026, 11, 23), tick=False):
        load_own_dossier()
    with time_machine.travel(_noon(2027, 3, 1), tick=False):
        _change("Zebras.", "Philip 2016 says more.")
    with time_machine.travel(_noon(2027, 4, 1), tick=False):
        withdraw(SENOVA, reason="Made up by its author.")
    return client_for(therapist)


def shown(reader: Client, since: str = "", *, today: datetime = THE_DAY_AFTER) -> str:
    with time_machine.travel(today, tick=False):
        reader.force_login(User.objects.get(name="Dr. A. Sample"))
        response = reader.get("/evidence/changes/", {"since": since} if since else {})
    assert response.status_code == 200
    return response.content.decode()


@for_each("since", ["", "2027-03-01", "2027-01-01", FIRST, "1999-01-01"])
def test_everything_between_then_and_now(reader: Client, since: str) -> None:
    page = shown(reader, since)

    assert "Made up by its author." in page
    assert "Zebras." in page
    assert "Philip 2016 says more." in page
    assert page.index("Withdrawn: source") < page.index("Changed: source")


@for_each("since", ["2027-03-02", "2027-04-01", f"{FIRST}.1"])
def test_what_was_before_is_left_out(reader: Client, since: str) -> None:
    page = shown(reader, since)

    assert "Made up by its author." in page
    assert "Zebras." not in page


@for_each("since", ["2027-04-02", "2031-01-01", f"{FIRST}.2"])
def test_no_release_since_then_is_said(reader: Client, since: str) -> None:
    assert "There was no release since then." in shown(reader, since)


def test_no_release_in_the_last_days_is_said(reader: Client) -> None:
    page = shown(reader, today=_noon(2028, 1, 1))

    assert "There was no release since then." in page
    assert "90 days ago" in page


@for_each("since", ["soon", "2027-02-31", "a\0b", "<b>", "9" * 500])
def test_odd_question_is_answered_with_a_sentence(reader: Client, since: str) -> None:
    page = shown(reader, since)

    assert "is neither a day" in page
    assert "The last 90 days are shown." in page
    assert "<b>" not in page


@pytest.mark.usefixtures("no_evidence")
def test_nothing_loaded_is_said(client_for: Callable[[User], Client], therapist: User) -> None:
    assert "No release is loaded yet" in shown(client_for(therapist))


def test_entry_names_every_release_that_touched_it(reader: Client) -> None:
    last = _change("The second words.", "Philip 2016 again.")

    found = changes_since(Release.objects.get(name=FIRST))

    entry = next(one for one in found.entries if one.key == PHILIP)
    assert [release.name for release in entry.releases] == [last.name, f"{FIRST}.1"]
    assert [one.after for one in entry.differences] == ["The second words."]


def test_changed_back_is_said(reader: Client) -> None:
    _change(load_dossier().source(PHILIP).findings or "", "Philip 2016 as it was.")

    found = changes_since(Release.objects.get(name=FIRST))

    entry = next(one for one in found.entries if one.key == PHILIP)
    assert entry.how == "changed, and changed back"
    assert entry.differences == ()


def test_added_is_said(reader: Client) -> None:
    approve(add_source(make_source(key="new-2027")))
    publish("One more.")

    found = changes_since(Release.objects.get(name=FIRST))

    assert [one.key for one in found.entries if one.how == "added"] == ["new-2027"]


def test_linked_from_the_releases(reader: Client) -> None:
    assert 'href="/evidence/changes/"' in reader.get("/evidence/releases/").content.decode()


def test_visitor_is_asked_to_sign_in(client: Client) -> None:
    assert client.get("/evidence/changes/").status_code == 302


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
def test_page_in_browser(
    signed_in_page: Callable[..., Page],
    therapist: User,
    axe: Callable[[Page], None],
    reflows: Callable[[Page], None],
) -> None:
    load_own_dossier()
    _change("Read again.", "Philip 2016 says more.")
    withdraw(SENOVA)
    page = signed_in_page(therapist)

    page.goto(f"/evidence/changes/?since={FIRST}")
    axe(page)
    page.set_viewport_size(ViewportSize(width=320, height=800))
    reflows(page)
    axe(page)


def test_single_release_is_not_told_as_none(
    client_for: Callable[[User], Client], therapist: User
) -> None:
    load_own_dossier()

    page = client_for(therapist).get("/evidence/changes/?since=2020-01-01").content.decode()

    assert "There is one release so far" in page
    assert "no release since then" not in page
