"""The evidence pages and downloads: who may read them, and what they show."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from evidence.exchange.reading import read_file
from evidence.loading import load_dossier
from kapnet.core.people.models import User
from tests.collecting import for_each
from tests.evidence.evidence_factories import load_own_dossier, withdraw
from tests.rounds import in_part

pytestmark = pytest.mark.django_db

ClientFor = Callable[[User], Client]
PAGES = ["/evidence/", "/evidence/philip-2016/", "/evidence/positions/", "/evidence/claims/"]
FILES = [
    "/evidence/citations.ris",
    "/evidence/citations.json",
    "/evidence/philip-2016/citation.ris",
    "/evidence/philip-2016/citation.json",
]


@pytest.fixture
def reader(client_for: ClientFor, therapist: User) -> Client:
    """A signed-in therapist; no release is loaded unless a test does so."""
    return client_for(therapist)


@for_each("address", [*PAGES, *FILES])
@for_each("role", ["therapist", "staff", "manager", "evidence_admin"])
def test_everyone_signed_in_reads(
    request: pytest.FixtureRequest, client_for: ClientFor, role: str, address: str
) -> None:
    client = client_for(request.getfixturevalue(role))

    assert client.get(address).status_code == 200


@for_each("address", [*PAGES, *FILES])
def test_visitor_is_asked_to_sign_in(client: Client, address: str) -> None:
    response = client.get(address)

    assert response.status_code == 302
    assert response["Location"].startswith(reverse("account_login"))


@for_each("address", PAGES)
def test_pages_are_only_read(reader: Client, address: str) -> None:
    assert reader.post(address).status_code == 405


@pytest.mark.parametrize(
    "address", ["/evidence/no-such-2020/", "/evidence/no-such-2020/citation.ris"]
)
def test_unknown_key_is_404(reader: Client, address: str) -> None:
    assert reader.get(address).status_code == 404


def test_every_source_has_its_page(reader: Client) -> None:
    load_own_dossier()

    for source in in_part(load_dossier().sources):
        assert reader.get(f"/evidence/{source.key}/").status_code == 200, source.key


def test_list_is_searched_and_filtered(reader: Client) -> None:
    response = reader.get("/evidence/", {"words": "philip", "kind": "rct"})

    assert [row.view.source.key for row in response.context["rows"]] == ["philip-2016"]


def test_list_has_pages_that_keep_the_search(reader: Client) -> None:
    response = reader.get("/evidence/", {"verified": "abstract", "page": "2"})

    assert len(response.context["rows"]) == 25
    assert "?verified=abstract&amp;page=3" in response.content.decode()


def test_nothing_found_says_so(reader: Client) -> None:
    assert b"No sources match these filters." in reader.get("/evidence/?words=zebra").content


@for_each("query", ["kind=nonsense", "page=999", "page=x", "words=" + "x" * 300])
def test_odd_query_is_no_error(reader: Client, query: str) -> None:
    assert reader.get(f"/evidence/?{query}").status_code == 200


def test_choice_that_does_not_exist_is_told(reader: Client) -> None:
    assert "Choose one of the list under “Kind”" in reader.get("/evidence/?kind=x").content.decode()


def test_source_shows_numbers_limits_and_use(reader: Client) -> None:
    page = reader.get("/evidence/philip-2016/").content.decode()

    for words in (
        "14 of 18",
        "55 to 91 (our arithmetic)",
        "What limits it",
        "small, open label",
        "Used by 1 claim",
        'href="https://doi.org/10.1016/j.brs.2015.11.007"',
        "Brain Stimul. 2016;9(2):251-257.",
    ):
        assert words in page


def test_rules_that_use_a_source_are_named(reader: Client) -> None:
    page = reader.get("/evidence/philip-2016/").content.decode()

    assert "Used by 4 rules" in page
    assert page.count("(edition 2026.1)") == 2


def test_retracted_source_says_why(reader: Client) -> None:
    load_own_dossier()
    withdraw("philip-2016")

    page = reader.get("/evidence/philip-2016/").content.decode()

    assert "Retracted, supports nothing" in page
    assert "Data withdrawn." in page


def test_title_that_is_not_known_is_said(reader: Client) -> None:
    assert b"(title not known)" in reader.get("/evidence/mikellides-2021/").content


def test_positions_show_silence_and_not_read(reader: Client) -> None:
    page = reader.get("/evidence/positions/").content.decode()

    assert "Silent: does not mention it" in page
    assert page.count("<strong>Not read</strong>") == 3


def test_claims_are_counted_by_status(reader: Client) -> None:
    counts = reader.get("/evidence/claims/").context["counts"]

    assert [count.count for count in counts] == [2, 6, 2, 3, 2]


def test_files_hold_what_was_searched(reader: Client) -> None:
    ris = reader.get("/evidence/citations.ris", {"words": "philip"})
    csl = reader.get("/evidence/citations.json", {"words": "philip"})

    assert ris.content.decode().count("TY  - ") == len(json.loads(csl.content))
    assert ris["Content-Disposition"] == 'attachment; filename="evidence.ris"'


@for_each("ending", ["bib", "nbib", "xml", "csv"])
def test_list_is_written_in_every_format_and_reads_back(reader: Client, ending: str) -> None:
    load_own_dossier()

    response = reader.get(f"/evidence/citations.{ending}?words=philip")

    titles = {one.title for one in read_file(response.content).entries}
    assert response.status_code == 200
    assert load_dossier().source("philip-2016").title in titles


def test_unknown_format_is_404(reader: Client) -> None:
    assert reader.get("/evidence/citations.exe").status_code == 404


def test_claims_name_release_and_references_for_print(reader: Client) -> None:
    load_own_dossier()

    page = reader.get("/evidence/claims/").content.decode()

    assert f"Release {load_dossier().release} of " in page
    assert "Key: philip-2016." in page


def test_only_who_curates_is_led_to_importing(
    client_for: ClientFor, therapist: User, evidence_admin: User
) -> None:
    pages = [
        client_for(one).get("/evidence/").content.decode() for one in (therapist, evidence_admin)
    ]

    assert [reverse("curation:imports") in page for page in pages] == [False, True]
