"""The evidence pages in Chromium: axe, narrow, without script, by keyboard."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from pypdfium2 import PdfDocument

from evidence.domain.terms import ClaimStatus
from evidence.loading import load_dossier
from kapnet.core.people.models import User
from tests.collecting import for_each
from tests.conftest import DESKTOP, SMALLEST
from tests.evidence.evidence_factories import load_own_dossier, withdraw

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

OpenPage = Callable[..., Page]
Check = Callable[[Page], None]
PAGES = [
    "/evidence/",
    "/evidence/?words=zebra",
    "/evidence/?kind=nonsense",
    "/evidence/philip-2016/",
    "/evidence/abbar-2022/",
    "/evidence/jelovac-2025/",
    "/evidence/taylor-2021/",
    "/evidence/lam-2024-canmat/",
    "/evidence/mikellides-2021/",
    "/evidence/positions/",
    "/evidence/claims/",
    "/guide/",
    "/evidence/releases/",
]


@pytest.fixture
def therapist_page(signed_in_page: OpenPage, therapist: User) -> Page:
    return signed_in_page(therapist)


@for_each("address", PAGES)
def test_page(therapist_page: Page, axe: Check, reflows: Check, address: str) -> None:
    page = therapist_page

    page.set_viewport_size(DESKTOP)
    page.goto(address)
    axe(page)

    page.set_viewport_size(SMALLEST)
    reflows(page)
    axe(page)


def test_retracted_source(signed_in_page: OpenPage, therapist: User, axe: Check) -> None:
    load_own_dossier()
    withdraw("philip-2016")
    page = signed_in_page(therapist)

    page.goto("/evidence/philip-2016/")

    expect(page.get_by_role("heading", name="Retracted, supports nothing")).to_be_visible()
    axe(page)


def test_search_without_script(signed_in_page: OpenPage, therapist: User) -> None:
    page = signed_in_page(therapist, java_script_enabled=False)
    page.goto("/evidence/")

    page.get_by_label("Words").fill("philip")
    page.get_by_label("Kind").select_option("rct")
    page.get_by_role("button", name="Search").click()

    expect(page.get_by_role("heading", name="1 source")).to_be_visible()
    page.get_by_role("link", name="Philip 2016").click()
    expect(page.get_by_role("heading", name="What it found")).to_be_visible()
    expect(page.get_by_role("button", name="Copy")).to_be_hidden()


def test_search_by_keyboard(signed_in_page: OpenPage, therapist: User) -> None:
    page = signed_in_page(therapist)
    page.goto("/evidence/")

    page.get_by_label("Words").focus()
    page.keyboard.type("philip")
    page.keyboard.press("Enter")

    expect(page.get_by_role("link", name="Philip 2016")).to_be_visible()


@pytest.mark.long
def test_citation_is_copied(signed_in_page: OpenPage, therapist: User) -> None:
    page = signed_in_page(therapist, permissions=["clipboard-read", "clipboard-write"])
    page.goto("/evidence/philip-2016/")

    page.get_by_role("button", name="Copy").click()

    expect(page.get_by_text("Copied.")).to_be_visible()
    assert page.evaluate("navigator.clipboard.readText()").startswith("Philip NS, Dunner DL")


def test_drawing_says_what_it_shows(signed_in_page: OpenPage, therapist: User) -> None:
    page = signed_in_page(therapist)
    page.goto("/evidence/philip-2016/")

    drawing = page.get_by_role("img", name="response to reintroduced TMS after worsening")

    expect(drawing).to_have_count(1)
    expect(drawing.locator("desc")).to_contain_text("14 of 18, 77.8 percent")


@pytest.mark.long
def test_claims_are_printed_with_status_and_references(
    signed_in_page: OpenPage, therapist: User, tmp_path: Path
) -> None:
    load_own_dossier()
    page = signed_in_page(therapist)
    page.goto("/evidence/claims/")
    file = tmp_path / "claims.pdf"

    page.pdf(path=file)

    with PdfDocument(file) as document:
        words = _letters(" ".join(one.get_textpage().get_text_range() for one in document))
    assert _letters(f"Release {load_dossier().release} of") in words
    for claim in load_dossier().claims:
        assert all(_letters(f"Key: {key}.") in words for key in claim.evidence)
        assert _letters(ClaimStatus(claim.status).label) in words
    assert _letters("Sign out") not in words


def _letters(text: str) -> str:
    """Letters and digits only: lines break within keys, too."""
    return "".join(letter for letter in text if letter.isalnum())
