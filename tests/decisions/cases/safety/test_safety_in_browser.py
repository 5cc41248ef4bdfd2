"""The act-first notice below item 9 in Chromium: in view with and without script."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, expect

from decisions.cases.models import Case
from kapnet.core.people.models import User
from tests.decisions.case_factories import answer, file_for, make_case, section_url

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
OpenPage = Callable[..., Page]
Check = Callable[[Page], None]

WIDTHS = [{"width": 360, "height": 740}, {"width": 1280, "height": 800}]
POSITIVE = {"items": [2, 2, 2, 2, 2, 2, 2, 2, 1]}


@pytest.fixture
def case(therapist: User) -> Case:
    return make_case(therapist)


def notice_in(page: Page) -> Locator:
    return page.locator("#act-first-item9 .k-act-first")


def is_in_view(page: Page, place: Locator) -> bool:
    box, size = place.bounding_box(), page.viewport_size
    assert box is not None
    assert size is not None
    return box["y"] >= -1 and box["y"] + min(box["height"], size["height"]) <= size["height"] + 1


@pytest.mark.parametrize("viewport", WIDTHS, ids=lambda one: str(one["width"]))
def test_notice_comes_into_view_beside_item9(
    signed_in_page: OpenPage,
    therapist: User,
    case: Case,
    axe: Check,
    reflows: Check,
    viewport: dict[str, int],
) -> None:
    page = signed_in_page(therapist, viewport=viewport)
    page.goto(section_url(case, "episode"))
    expect(notice_in(page)).to_have_count(0)

    page.locator("#phq9-item9-1").check()
    expect(notice_in(page)).to_contain_text("PHQ-9 item 9: 1 on")
    assert is_in_view(page, notice_in(page))
    page.locator("#phq9-item9-3").check()
    expect(notice_in(page)).to_contain_text("3 on")

    assert is_in_view(page, notice_in(page))
    assert page.evaluate("document.activeElement.id") == "phq9-item9-3"
    axe(page)
    reflows(page)
    notice_in(page).get_by_role("link", name="Answer: Suicide risk today").click()
    assert is_in_view(page, page.locator("#suicide_risk legend"))
    assert file_for(case, therapist).has_open_task


@pytest.mark.parametrize("viewport", WIDTHS, ids=lambda one: str(one["width"]))
def test_notice_is_in_view_after_a_post_without_script(
    signed_in_page: OpenPage, therapist: User, case: Case, viewport: dict[str, int]
) -> None:
    answer(case, therapist, "phq9", POSITIVE)
    page = signed_in_page(therapist, viewport=viewport, java_script_enabled=False)
    page.goto(section_url(case, "episode"))
    page.locator("#phq9-item9-3").check()

    page.locator('button[name="next"]').click()

    expect(notice_in(page)).to_contain_text("3 on")
    assert is_in_view(page, notice_in(page).locator("h2"))


def test_notice_does_not_move_the_page_while_nothing_changes(
    signed_in_page: OpenPage, therapist: User, case: Case
) -> None:
    answer(case, therapist, "phq9", POSITIVE)
    page = signed_in_page(therapist)
    page.goto(section_url(case, "episode"))
    page.locator("#phq9-item1").evaluate("one => one.scrollIntoView({block: 'center'})")
    before = page.evaluate("window.scrollY")

    page.locator("#phq9-item1-3").check()
    expect(page.locator("#phq9-tally")).to_contain_text("18 of 27")

    assert page.evaluate("window.scrollY") == before
