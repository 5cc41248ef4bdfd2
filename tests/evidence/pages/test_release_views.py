"""Releases as readers see them: what changed, as of a day, by name, as one file."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pytest
import time_machine
from django.test import Client
from django.utils import timezone
from playwright.sync_api import Page, ViewportSize

from evidence.domain.entries import EvidenceBase
from evidence.loading import load_dossier
from kapnet.core.people.models import User
from tests.collecting import for_each
from tests.evidence.evidence_factories import (
    approve,
    change_source,
    load_own_dossier,
    publish,
    withdraw,
)

pytestmark = pytest.mark.django_db

PHILIP = "philip-2016"
FIRST = load_dossier().release
LATER = datetime(2027, 3, 1, 12, tzinfo=timezone.get_default_timezone())


@pytest.fixture
def reader(client_for: Callable[[User], Client], therapist: User) -> Client:
    """A therapist, after a second release in another month."""
    load_own_dossier()
    with time_machine.travel(LATER, tick=False):
        approve(change_source(PHILIP, findings="Read again: words that nobody wrote before."))
        publish("Philip 2016 says more.")
    return client_for(therapist)


def page(reader: Client, address: str) -> str:
    response = reader.get(address)
    assert response.status_code == 200
    return response.content.decode()


def test_releases_are_listed_with_what_they_told(reader: Client) -> None:
    shown = page(reader, "/evidence/releases/")

    assert "Philip 2016 says more." in shown
    assert "Prepared by Curator 1, signed by Curator 2." in shown
    assert shown.index(f"{FIRST}.1") < shown.index("From the project")


def test_release_shows_what_changed(reader: Client) -> None:
    shown = page(reader, f"/evidence/releases/{FIRST}.1/")

    assert "Source philip-2016: changed" in shown
    assert "words that nobody wrote before" in shown
    assert shown.count("<section") == 1


def test_no_such_release_is_404(reader: Client) -> None:
    assert reader.get("/evidence/releases/1999-01/").status_code == 404
    assert reader.get("/evidence/releases/1999-01/evidence.json").status_code == 404


@pytest.mark.parametrize("asked", [f"release={FIRST}", "as_of=2027-02-28"])
def test_source_as_it_was(reader: Client, asked: str) -> None:
    now = page(reader, f"/evidence/{PHILIP}/")
    then = page(reader, f"/evidence/{PHILIP}/?{asked}")

    assert "words that nobody wrote before" in now
    assert "words that nobody wrote before" not in then
    assert "as it was." in then


def test_day_of_the_newest_release_shows_the_newest(reader: Client) -> None:
    assert "as it was." not in page(reader, f"/evidence/{PHILIP}/?as_of={LATER.date()}")


@for_each(
    ("asked", "said"),
    [
        ("as_of=soon", "That is no day."),
        ("as_of=2026-02-31", "That is no day."),
        ("as_of=1999-01-01", "There was no release on 1 January 1999 yet."),
        ("release=1999-01", "There is no release 1999-01."),
    ],
)
def test_what_is_not_there_is_said(reader: Client, asked: str, said: str) -> None:
    shown = page(reader, f"/evidence/?{asked}")

    assert said in shown
    assert "The newest release is shown." in shown


@pytest.mark.parametrize("address", ["/evidence/", "/evidence/positions/", "/evidence/claims/"])
def test_every_page_can_be_shown_as_it_was(reader: Client, address: str) -> None:
    assert "as it was." in page(reader, f"{address}?release={FIRST}")


def test_earlier_release_stays_on_the_way(reader: Client) -> None:
    shown = page(reader, f"/evidence/?release={FIRST}&words=philip")

    assert f'href="/evidence/{PHILIP}/?release={FIRST}"' in shown
    assert f'name="release" value="{FIRST}"' in shown


def test_reference_is_that_of_the_release_asked_for(reader: Client) -> None:
    with time_machine.travel(LATER, tick=False):
        approve(change_source(PHILIP, journal="Another Journal"))
        publish("Mended.")

    now = reader.get(f"/evidence/{PHILIP}/citation.ris").content.decode()
    then = reader.get(f"/evidence/{PHILIP}/citation.ris?release={FIRST}").content.decode()

    assert "Another Journal" in now
    assert "Another Journal" not in then


def test_release_by_its_name_where_none_is_loaded(
    client_for: Callable[[User], Client], therapist: User
) -> None:
    shown = page(client_for(therapist), f"/evidence/{PHILIP}/?release={FIRST}")

    assert "There is no release" not in shown


def test_file_reads_back_to_the_same_evidence(reader: Client, tmp_path: Path) -> None:
    response = reader.get(f"/evidence/releases/{FIRST}/evidence.json")

    content = json.loads(response.content)
    assert EvidenceBase.model_validate(content) == load_dossier()
    schema = json.loads(reader.get("/evidence/releases/schema.json").content)
    assert set(content) <= set(schema["properties"])
    assert set(schema["required"]) <= set(content)


def test_withdrawal_is_told_in_its_release(reader: Client) -> None:
    release = withdraw("senova-2019", reason="Data withdrawn.")

    assert "Data withdrawn." in page(reader, f"/evidence/releases/{release.name}/")


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    "address",
    ["/evidence/releases/", f"/evidence/releases/{FIRST}.1/", f"/evidence/?release={FIRST}"],
)
def test_page_in_browser(
    signed_in_page: Callable[..., Page],
    therapist: User,
    axe: Callable[[Page], None],
    reflows: Callable[[Page], None],
    address: str,
) -> None:
    load_own_dossier()
    approve(change_source(PHILIP, findings="Read again."))
    publish("Philip 2016 says more.")
    shown = signed_in_page(therapist)

    shown.goto(address)
    axe(shown)
    shown.set_viewport_size(ViewportSize(width=320, height=800))
    reflows(shown)
    axe(shown)
