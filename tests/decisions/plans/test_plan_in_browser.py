"""The plan in Chromium: filled in without JavaScript, narrow, in print, and under axe."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from kapnet.core.people.models import User
from tests.conftest import SMALLEST
from tests.decisions.case_factories import make_case
from tests.decisions.plans.plan_factories import store

Pages = Callable[..., Page]
Check = Callable[[Page], None]
pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.mark.parametrize("java_script", [True, False])
def test_plan_is_filled_in_drawn_and_downloaded(
    therapist: User, signed_in_page: Pages, java_script: bool
) -> None:
    case = make_case(therapist)
    page = signed_in_page(therapist, java_script_enabled=java_script)
    page.goto(reverse("plan:plan", args=[case.pk]))

    page.get_by_label("First day of TMS").fill("2026-11-30")
    page.get_by_role("group", name="Weekdays of TMS").get_by_label("Monday").check()
    page.get_by_label("Number of TMS sessions").fill("3")
    page.get_by_label("Or the days of ketamine").fill("12/7/2026")
    page.get_by_label("As they fall").check()
    page.get_by_role("button", name="Save plan").click()

    expect(page.get_by_role("heading", name="Conflicts")).to_be_visible()
    expect(page.get_by_role("img", name="Plan for December 2026")).to_be_visible()
    expect(page.get_by_label("Monday").first).to_be_checked()
    with page.expect_download() as download:
        page.get_by_role("link", name="Calendar file").click()
    assert download.value.path().read_bytes().startswith(b"BEGIN:VCALENDAR")


def test_page_is_accessible_and_reflows(
    therapist: User, signed_in_page: Pages, fits: Check
) -> None:
    empty, planned = make_case(therapist), make_case(therapist)
    store(planned, therapist, keep_apart=False, driver="")
    page = signed_in_page(therapist)

    for case in (empty, planned):
        page.goto(reverse("plan:plan", args=[case.pk]))
        fits(page)


@pytest.mark.long
def test_picture_is_legible_at_320_pixels(therapist: User, signed_in_page: Pages) -> None:
    case = make_case(therapist)
    store(case, therapist)
    page = signed_in_page(therapist, viewport=SMALLEST)
    page.goto(reverse("plan:plan", args=[case.pk]))

    scale = page.locator(".k-plan__month svg").first.evaluate(
        "svg => svg.getBoundingClientRect().width / svg.viewBox.baseVal.width"
    )

    assert 14 * scale >= 13


@pytest.mark.long
def test_paper_has_picture_and_table_but_no_form(therapist: User, signed_in_page: Pages) -> None:
    case = make_case(therapist)
    store(case, therapist)
    page = signed_in_page(therapist)
    page.goto(reverse("plan:plan", args=[case.pk]))

    page.emulate_media(media="print")

    expect(page.get_by_role("img", name="Plan for December 2026")).to_be_visible()
    expect(page.get_by_role("table", name="Every day of the plan")).to_be_visible()
    expect(page.get_by_role("button", name="Save plan")).to_be_hidden()
