"""P-20 on the screen: axe, narrow, at 200%, by keyboard, without script, and printed."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, ViewportSize, expect
from pypdfium2 import PdfDocument

from kapnet.core.people.models import User
from tests.conftest import SMALLEST
from tests.evidence.evidence_factories import load_own_dossier, withdraw

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

OpenPage = Callable[..., Page]
Check = Callable[[Page], None]
SHEET, SPANISH = "/guide/sheet/long/", "/guide/sheet/es/"
AT_200_PERCENT: ViewportSize = {"width": 640, "height": 450}
"""A window of 1280 by 900 whose page is magnified to 200%."""


def test_p20_page(signed_in_page: OpenPage, therapist: User, axe: Check, reflows: Check) -> None:
    page = signed_in_page(therapist)
    for address in (SHEET, SPANISH):
        page.goto(address)
        axe(page)
        for size in (SMALLEST, AT_200_PERCENT):
            page.set_viewport_size(size)
            reflows(page)
            axe(page)


@pytest.mark.long
def test_p20_blocked_page(
    signed_in_page: OpenPage, therapist: User, axe: Check, reflows: Check, tmp_path: Path
) -> None:
    load_own_dossier()
    withdraw("shanok-2024")
    page = signed_in_page(therapist)

    page.goto(SHEET)

    expect(page.get_by_role("heading", name="This sheet cannot be printed now")).to_be_visible()
    expect(page.get_by_role("link", name="PDF to print")).to_have_count(0)
    axe(page)
    printed = _printed(page, tmp_path)
    assert "Shanok2024hasbeentakenback" in printed
    assert "Whatisgoingon" not in printed
    page.set_viewport_size(SMALLEST)
    reflows(page)


def test_p20_source_is_reached_by_keyboard_and_without_script(
    signed_in_page: OpenPage, therapist: User
) -> None:
    page = signed_in_page(therapist, java_script_enabled=False)
    page.goto(SHEET)

    page.get_by_role("link", name="How many people get better?").focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**#sheet-better")
    page.get_by_role("link", name="Source 10", exact=True).first.focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**#sheet-source-10")

    expect(page.locator("#sheet-source-10")).to_contain_text("Reif 2023")
    expect(page.locator("#sheet-source-10")).to_be_in_viewport()


def test_p20_pictures_and_tables_have_names(signed_in_page: OpenPage, therapist: User) -> None:
    page = signed_in_page(therapist)
    page.goto(SHEET)

    picture = page.get_by_role("img", name="100 squares in rows of ten, 27 of them filled").first
    row = page.get_by_role("row").filter(has=page.get_by_role("rowheader", name="Both at once"))

    expect(picture).to_be_visible()
    expect(row).to_have_count(9)
    expect(page.get_by_role("columnheader", name="Driving")).to_be_visible()


@pytest.mark.long
def test_page_is_printed_with_the_crisis_block_first(
    signed_in_page: OpenPage, therapist: User, tmp_path: Path
) -> None:
    page = signed_in_page(therapist)
    page.goto(SHEET)

    printed = _printed(page, tmp_path)

    assert printed.index("Ifyoumighthurtyourself") < printed.index("Whatisgoingon")
    assert "Signout" not in printed
    assert "Foryoutohandover" not in printed


def _printed(page: Page, folder: Path) -> str:
    """Letters and digits of the page as the browser prints it."""
    file = folder / "sheet.pdf"
    page.pdf(path=file)
    with PdfDocument(file) as document:
        text = " ".join(one.get_textpage().get_text_range() for one in document)
    return "".join(letter for letter in text if letter.isalnum())
