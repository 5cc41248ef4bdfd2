"""The Atom feed of releases: what it holds, and who may read it."""

from __future__ import annotations

from collections.abc import Callable
from xml.etree import ElementTree

import pytest
from django.core.cache import cache
from django.test import Client
from playwright.sync_api import Page, ViewportSize

from evidence.followers import feed_views
from evidence.models import FeedAddress
from kapnet.core.audit.models import Event
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

ATOM = "{http://www.w3.org/2005/Atom}"
FEED = "/evidence/releases/feed.atom"
MAKE, REVOKE = "/evidence/releases/feed/make/", "/evidence/releases/feed/revoke/"


@pytest.fixture
def reader(client_for: Callable[[User], Client], therapist: User) -> Client:
    """A therapist, after a change with odd notes and a withdrawal."""
    cache.clear()
    load_own_dossier()
    approve(change_source("philip-2016", findings="Zebras."))
    publish("Philip <b>says</b> & more.\x0b")
    withdraw("senova-2019")
    return client_for(therapist)


def secret_address(reader: Client) -> str:
    """Make an address; it is shown once."""
    page = reader.post(MAKE, follow=True)
    return str(page.context["address_to_show"])


def test_feed_is_valid_atom(reader: Client) -> None:
    response = reader.get(FEED)

    root = ElementTree.fromstring(response.content)  # noqa: S314, our own feed
    assert response["Content-Type"].startswith("application/atom+xml")
    assert root.tag == f"{ATOM}feed"
    for name in ("id", "title", "updated", "author"):
        assert root.find(f"{ATOM}{name}") is not None
    entries = root.findall(f"{ATOM}entry")
    assert len(entries) == 3
    for entry in entries:
        for name in ("id", "title", "updated"):
            assert entry.findtext(f"{ATOM}{name}")
    assert len({entry.findtext(f"{ATOM}id") for entry in entries}) == 3


def test_entries_tell_notes_and_what_changed(reader: Client) -> None:
    root = ElementTree.fromstring(reader.get(FEED).content)  # noqa: S314, our own feed

    newest, changed, _ = (
        entry.findtext(f"{ATOM}summary", "") for entry in root.findall(f"{ATOM}entry")
    )
    assert "Withdrawn: source Senova 2019" in newest
    assert "Changed: source Philip 2016" in changed
    assert "&lt;b&gt;says&lt;/b&gt; &amp; more." in changed


def test_visitor_is_asked_to_sign_in(client: Client) -> None:
    assert client.get(FEED).status_code == 302


def test_secret_address_needs_no_session_and_is_shown_once(reader: Client) -> None:
    address = secret_address(reader)

    assert Client().get(address).status_code == 200
    assert address not in reader.get("/evidence/releases/").content.decode()
    secret = address.split("/")[-2]
    assert FeedAddress.objects.get().secret_sha256 != secret
    assert secret not in Client().get(address).content.decode()


@for_each("secret", ["wrong", "%00", "a" * 500, "é"])
def test_wrong_secret_is_404(reader: Client, secret: str) -> None:
    secret_address(reader)

    assert Client().get(f"/evidence/feeds/{secret}/releases.atom").status_code == 404


def test_revoked_and_replaced_addresses_are_404(reader: Client) -> None:
    first = secret_address(reader)
    second = secret_address(reader)
    assert Client().get(first).status_code == 404

    reader.post(REVOKE)

    assert Client().get(second).status_code == 404
    made_and_revoked = Event.objects.filter(action__startswith="feed_address.")
    assert sorted(made_and_revoked.values_list("action", flat=True)) == [
        "feed_address.made",
        "feed_address.made",
        "feed_address.revoked",
    ]


def test_address_ends_with_the_place_in_the_clinic(reader: Client, therapist: User) -> None:
    address = secret_address(reader)
    therapist.membership.is_active = False
    therapist.membership.save(update_fields=["is_active"])

    assert Client().get(address).status_code == 404


def test_address_ends_with_the_account(reader: Client, therapist: User) -> None:
    address = secret_address(reader)
    therapist.is_active = False
    therapist.save(update_fields=["is_active"])

    assert Client().get(address).status_code == 404


def test_too_many_reads_are_told_to_wait(reader: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(feed_views, "READS_AN_HOUR", 2)
    address = secret_address(reader)

    answers = [Client().get(address) for _ in range(3)]

    assert [one.status_code for one in answers] == [200, 200, 429]
    assert answers[-1]["Retry-After"] == "3600"


@pytest.mark.parametrize("address", [MAKE, REVOKE])
def test_addresses_are_made_and_revoked_by_post(reader: Client, address: str) -> None:
    assert reader.get(address).status_code == 405


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
def test_address_is_made_in_browser(
    signed_in_page: Callable[..., Page],
    therapist: User,
    axe: Callable[[Page], None],
    reflows: Callable[[Page], None],
) -> None:
    load_own_dossier()
    page = signed_in_page(therapist, java_script_enabled=True)
    page.goto("/evidence/releases/")

    with page.expect_navigation():
        page.get_by_role("button", name="Make a secret address").click()

    axe(page)
    page.set_viewport_size(ViewportSize(width=320, height=800))
    reflows(page)
    assert "releases.atom" in page.locator(".k-address").inner_text()
