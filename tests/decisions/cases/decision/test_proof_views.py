"""The proof report as a page: for everybody signed in, of the edition in use, and honest if not."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse
from playwright.sync_api import Page

from decisions.rules.loading import CURRENT_EDITION, load_edition
from decisions.rules.proof.report import ProofReport
from decisions.rules.proof.reports import load_sheet, path_of, write_sheet
from evidence.loading import load_dossier
from kapnet.core.people.models import User
from tests.decisions.rules.cases import EARLIER_EDITION
from tests.decisions.rules.proof.released import expectations

ClientFor = Callable[[User], Client]
URL = f"/proof/{CURRENT_EDITION}/"


def test_the_kept_sheet_is_of_the_released_edition_and_holds() -> None:
    sheet = load_sheet(CURRENT_EDITION)

    assert sheet.edition_sha256 == load_edition().sha256
    assert sheet.evidence_sha256 == load_dossier().sha256
    assert sheet.expectations_sha256 == expectations().sha256
    assert not sheet.violations
    assert all(len(one.results) == 2 for one in sheet.proved)


def test_the_kept_sheet_of_the_earlier_edition_is_of_its_rules_and_expectations() -> None:
    """It was proved under the evidence of its time; the page says so."""
    sheet = load_sheet(EARLIER_EDITION)

    assert sheet.edition_sha256 == load_edition(EARLIER_EDITION).sha256
    assert sheet.expectations_sha256 == expectations(EARLIER_EDITION).sha256
    assert not sheet.violations


@pytest.mark.django_db
def test_everybody_signed_in_can_read_it(
    client_for: ClientFor, therapist: User, staff: User, evidence_admin: User
) -> None:
    assert reverse("cases:proof", args=[CURRENT_EDITION]) == URL
    for user in (therapist, staff, evidence_admin):
        html = client_for(user).get(URL).content.decode()
        assert "Every answer set gives each option exactly one verdict." in html
        assert "have changed since" not in html


@pytest.mark.django_db
def test_nobody_else_can(client: Client) -> None:
    assert client.get(URL).status_code == 302


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["1999.9", "..", "%2e%2e"])
def test_another_edition_is_not_found(client_for: ClientFor, therapist: User, name: str) -> None:
    assert client_for(therapist).get(f"/proof/{name}/").status_code == 404


@pytest.mark.django_db
def test_a_sheet_of_other_rules_says_so(
    client_for: ClientFor, therapist: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept = load_sheet(CURRENT_EDITION).model_copy(
        update={"edition_sha256": "0" * 64, "evidence_sha256": "0" * 64}
    )
    monkeypatch.setattr("decisions.cases.decision.proof_views.load_sheet", lambda edition_id: kept)

    html = client_for(therapist).get(URL).content.decode()

    assert "The rules have changed since." in html
    assert "The evidence has changed since." in html


def test_a_sheet_survives_being_kept(tmp_path_factory: pytest.TempPathFactory) -> None:
    path = tmp_path_factory.mktemp("sheet") / "proof.json"
    sheet = load_sheet(CURRENT_EDITION)

    write_sheet(sheet, path)

    assert ProofReport.model_validate_json(path.read_bytes()) == sheet
    assert path.read_bytes() == path_of(CURRENT_EDITION).read_bytes()


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
def test_the_page_is_for_everybody(
    signed_in_page: Callable[..., Page],
    therapist: User,
    axe: Callable[[Page], None],
    reflows: Callable[[Page], None],
) -> None:
    page = signed_in_page(therapist)

    page.goto(URL)

    axe(page)
    for width in (320, 768, 1280):
        page.set_viewport_size({"width": width, "height": 900})
        reflows(page)
