"""Curation in Chromium: from a change to a release by two persons, with axe on every page."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from evidence.curation.models import Change
from evidence.domain.citation import write_ris
from evidence.models import Release
from evidence.queries import current_evidence
from tests.evidence.evidence_factories import (
    approve,
    change_source,
    curators,
    load_own_dossier,
    make_source,
    publish,
)

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

OpenPage = Callable[..., Page]
Check = Callable[[Page], None]
PAGES = [
    "/admin/",
    "/admin/evidence/source/",
    "/admin/evidence/source/add/",
    "/admin/evidence/source/philip-2016/change/",
    "/admin/evidence/source/philip-2016/history/",
    "/admin/evidence/position/",
    "/admin/evidence/position/canmat2023-itbs/change/",
    "/admin/evidence/caution/",
    "/admin/evidence/caution/esk-ich/change/",
    "/admin/evidence/claim/",
    "/admin/evidence/claim/synergy/change/",
    "/admin/evidence/release/",
    "/admin/retractions/retractioncheck/",
    "/evidence/to-do/",
    "/admin/curation/change/",
    "/admin/curation/importfile/",
    "/admin/curation/importfile/add/",
    "/admin/curation/releasedraft/",
    "/admin/curation/releasedraft/add/",
]


@pytest.mark.parametrize("address", PAGES)
def test_page_of_the_admin(signed_in_page: OpenPage, axe: Check, address: str) -> None:
    load_own_dossier()
    approve(change_source("philip-2016", note="Seen."))
    publish()
    page = signed_in_page(curators()[0])

    response = page.goto(address)

    assert response is not None
    assert response.status == 200
    axe(page)


@pytest.mark.parametrize("with_script", [True, False])
def test_change_goes_from_one_person_to_the_other(
    signed_in_page: OpenPage, axe: Check, with_script: bool
) -> None:
    load_own_dossier()
    author, approver = (
        signed_in_page(user, java_script_enabled=with_script) for user in curators()
    )
    check = axe if with_script else (lambda page: None)

    author.goto("/admin/evidence/source/philip-2016/change/")
    author.get_by_label("Certainty:").select_option("very_low")
    author.get_by_label("Why this change").fill("Twelve people only.")
    author.get_by_role("button", name="Save", exact=True).click()
    author.get_by_role("link", name="Go to the change").click()
    check(author)
    author.get_by_label("What you want to say").fill("Please look at it.")
    author.get_by_role("button", name="Ask for review").click()
    expect(author.get_by_text("Somebody who wrote no part of it approves.")).to_be_visible()
    expect(author.get_by_role("button", name="Approve")).to_have_count(0)

    approver.goto(author.url)
    expect(approver.get_by_role("row", name="certainty")).to_contain_text("very_low")
    approver.get_by_label("What you want to say").fill("Agreed.")
    approver.get_by_role("button", name="Approve").click()
    check(approver)

    author.goto("/admin/curation/releasedraft/add/")
    author.get_by_label("What changed, for clinicians").fill("Philip 2016 is less certain.")
    author.get_by_role("button", name="See what it would change").click()
    check(author)
    expect(author.get_by_role("button", name="Sign and publish")).to_have_count(0)

    approver.goto(author.url)
    expect(approver.get_by_role("heading", name="What it would change")).to_be_visible()
    approver.get_by_role("button", name="Sign and publish").click()
    expect(approver.get_by_text("Published as release 2026-12.1")).to_be_visible()

    assert current_evidence().source("philip-2016").certainty == "very_low"
    assert Release.objects.get(number=2).notes == "Philip 2016 is less certain."


def test_import_from_the_file_to_the_release(
    signed_in_page: OpenPage, axe: Check, tmp_path: Path
) -> None:
    load_own_dossier()
    file = tmp_path / "refs.ris"
    file.write_text(write_ris([make_source(title="A study that is new", authors=("Neu A",))]))
    author, approver = (signed_in_page(user) for user in curators())

    author.goto("/admin/curation/importfile/add/")
    author.get_by_label("File").set_input_files(file)
    author.get_by_role("button", name="Look at it").click()
    author.wait_for_url("**/change/")
    axe(author)
    author.get_by_label("Kind of row 1").select_option("rct")
    author.get_by_label("Why they are taken up").fill("Found by the search of November.")
    author.get_by_role("button", name="Import what is chosen").click()
    expect(author.get_by_text("was imported on")).to_be_visible()
    axe(author)

    approve(Change.objects.get(entry_key="neu-2020"))
    approver.goto("/admin/curation/releasedraft/add/")
    approver.get_by_label("What changed, for clinicians").fill("One new study.")
    approver.get_by_role("button", name="See what it would change").click()
    approver.wait_for_url("**/change/")
    author.goto(approver.url)
    author.get_by_role("button", name="Sign and publish").click()
    expect(author.get_by_text("Published as release")).to_be_visible()

    assert current_evidence().source("neu-2020").title == "A study that is new"
