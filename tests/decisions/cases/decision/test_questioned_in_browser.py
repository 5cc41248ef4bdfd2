"""Questioning a result in Chromium: opened on demand, by keyboard, with and without script."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from decisions.cases.models import Case
from kapnet.core.people.models import User
from tests.decisions.case_factories import make_case
from tests.decisions.rules.cases import base_with, vignette

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
OpenPage = Callable[..., Page]
Check = Callable[[Page], None]

WIDTHS = (320, 768, 1280)


@pytest.fixture
def case(therapist: User) -> Case:
    return make_case(therapist, **vignette("responder-relapsed"))


def test_what_would_change_this_comes_when_it_is_opened(
    signed_in_page: OpenPage, therapist: User, case: Case, axe: Check, reflows: Check
) -> None:
    page = signed_in_page(therapist)
    page.goto(f"/cases/{case.pk}/decision/")
    summary = page.locator("#layer-change summary").first

    summary.focus()
    page.keyboard.press("Enter")

    expect(page.get_by_text("TMS is not within reach.").first).to_be_visible()
    axe(page)
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        reflows(page)


def test_without_script_it_is_a_page(
    signed_in_page: OpenPage, therapist: User, case: Case, axe: Check
) -> None:
    page = signed_in_page(therapist, java_script_enabled=False)
    page.goto(f"/cases/{case.pk}/decision/")

    page.locator("#layer-change summary").first.click()
    page.get_by_role("link", name="See it on a page of its own").click()

    expect(page.get_by_role("heading", name="What would change this", level=1)).to_be_visible()
    expect(page.get_by_text("TMS is not within reach.").first).to_be_visible()


def test_the_page_of_changes_is_for_everybody(
    signed_in_page: OpenPage, therapist: User, case: Case, axe: Check, reflows: Check
) -> None:
    page = signed_in_page(therapist)
    page.goto(f"/cases/{case.pk}/decision/changes/")
    page.evaluate("document.querySelectorAll('details').forEach(one => { one.open = true })")

    axe(page)
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        reflows(page)


def test_the_next_question_follows_the_answers(signed_in_page: OpenPage, therapist: User) -> None:
    raw = {k: v for k, v in base_with(heart=None, bladder=None).items() if v is not None}
    case = make_case(therapist, **raw)
    page = signed_in_page(therapist)
    page.goto(f"/cases/{case.pk}/")

    page.get_by_role("link", name="Heart disease").first.click()
    page.wait_for_url("**/ketamine_safety/**")
    page.locator("#heart").get_by_label("None", exact=True).check()

    panel = page.locator("#so-far")
    expect(panel.get_by_text("Ask next:")).to_be_visible()
    expect(panel.get_by_role("link", name="Bladder").first).to_be_visible()
