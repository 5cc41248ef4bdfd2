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
from tests.collecting import for_each
from tests.conftest import DESKTOP, SMALLEST
from tests.evidence.evidence_factories import (
    approve,
    change_source,
    curators,
    load_own_dossier,
    make_source,
    prepare,
    publish,
)
from tests.factories import PASSWORD
from tests.worker import worked

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

OpenPage = Callable[..., Page]
Check = Callable[[Page], None]
PAGES = [
    "/admin/",
    "/curation/",
    "/curation/changes/",
    "/curation/entries/source/",
    "/curation/new/source/",
    "/curation/entries/source/philip-2016/?open=trust",
    "/curation/entries/source/philip-2016/?open=numbers",
    "/curation/entries/source/philip-2016/versions/",
    "/curation/entries/position/canmat2023-itbs/",
    "/curation/entries/caution/esk-ich/",
    "/curation/entries/claim/synergy/",
    "/curation/retraction-checks/",
    "/evidence/to-do/",
    "/curation/imports/",
    "/curation/releases/",
]


@pytest.fixture
def curator_page(signed_in_page: OpenPage) -> Page:
    """A page of a curator after a release of her own."""
    load_own_dossier()
    approve(change_source("philip-2016", note="Seen."))
    publish()
    return signed_in_page(curators()[0])


@for_each("address", PAGES)
def test_page(curator_page: Page, axe: Check, reflows: Check, address: str) -> None:
    response = curator_page.goto(address)

    assert response is not None
    assert response.status == 200
    axe(curator_page)
    if not address.startswith("/admin/"):
        curator_page.set_viewport_size(SMALLEST)
        reflows(curator_page)
        curator_page.set_viewport_size(DESKTOP)


@pytest.mark.parametrize("with_script", [True, False])
def test_change_goes_from_one_person_to_the_other(
    signed_in_page: OpenPage, axe: Check, with_script: bool
) -> None:
    load_own_dossier()
    author, approver = (
        signed_in_page(user, java_script_enabled=with_script) for user in curators()
    )
    check = axe if with_script else (lambda page: None)

    author.goto("/curation/entries/source/philip-2016/")
    author.get_by_text("How much to trust it").click()
    author.get_by_label("Certainty", exact=True).select_option("very_low")
    author.get_by_label("Why this change").fill("Twelve people only.")
    author.get_by_role("button", name="Save as a draft").click()
    check(author)
    author.get_by_label("What you want to say").fill("Please look at it.")
    author.get_by_role("button", name="Ask for review").click()
    expect(author.get_by_text("Somebody who wrote no part of it approves.")).to_be_visible()
    expect(author.get_by_role("button", name="Approve")).to_have_count(0)

    approver.goto("/curation/")
    approver.get_by_role("link", name="philip-2016").click()
    expect(approver.get_by_role("insertion")).to_contain_text("Very")
    approver.get_by_label("What you want to say").fill("Agreed.")
    approver.get_by_role("button", name="Approve").click()
    check(approver)

    author.goto("/curation/releases/")
    author.get_by_label("What changed, for clinicians").fill("Philip 2016 is less certain.")
    author.get_by_role("button", name="See what it would change").click()
    expect(author.get_by_text("A worker takes it up in a moment.")).to_be_visible()
    check(author)
    author.get_by_role("button", name="Stop counting").click()
    expect(author.get_by_text("The draft and its changes are kept, and")).to_be_visible()
    check(author)
    author.get_by_role("button", name="Start again from the first case").click()
    expect(author.get_by_text("A worker takes it up in a moment.")).to_be_visible()
    worked()
    author.reload()
    expect(author.get_by_text("Somebody else reads this list")).to_be_visible()
    check(author)

    approver.goto("/curation/")
    approver.get_by_role("link", name="A release to read and sign").click()
    approver.get_by_label("Password").fill(PASSWORD)
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
    author = signed_in_page(curators()[0])

    author.goto("/curation/imports/")
    author.get_by_label("File").set_input_files(file)
    author.get_by_role("button", name="Look at it").click()
    expect(
        author.get_by_text("Read as RIS: 1 reference begins in this file, 1 was read.")
    ).to_be_visible()
    axe(author)
    author.get_by_label("Kind of row 1").select_option("rct")
    author.get_by_label("Why they are taken up").fill("Found by the search of November.")
    author.get_by_role("button", name="Import what is chosen").click()
    expect(author.get_by_text("1 draft from refs.ris")).to_be_visible()
    axe(author)

    approve(Change.objects.get(entry_key="neu-2020"))
    draft = prepare(by=curators()[1], notes="One new study.")
    author.goto(f"/curation/releases/{draft.pk}/")
    author.get_by_label("Password").fill(PASSWORD)
    author.get_by_role("button", name="Sign and publish").click()
    expect(author.get_by_text("Published as release")).to_be_visible()

    assert current_evidence().source("neu-2020").title == "A study that is new"
