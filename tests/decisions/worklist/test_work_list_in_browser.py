"""Work list, life of a case, phrases, tour in Chromium: axe, narrow, keyboard, without script."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.urls import reverse
from playwright.sync_api import BrowserContext, Page, ViewportSize, expect

from decisions.phrases.actions import keep_phrase
from decisions.worklist.list_views import CASES_A_PAGE
from kapnet.core.people.models import Clinic, Role, User
from tests.conftest import SMALLEST
from tests.decisions.case_factories import POSITIVE_FORM, clinic_of, make_case
from tests.decisions.letters.stored_letters import make_decision
from tests.factories import PASSWORD, make_member

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

OpenPage = Callable[..., Page]
Check = Callable[[Page], None]
WIDE: ViewportSize = {"width": 1280, "height": 900}
SCROLLS = """() => [...document.querySelectorAll('.k-scroll')]
    .filter(one => one.scrollWidth > one.clientWidth).length"""


def test_pages(signed_in_page: OpenPage, therapist: User, axe: Check, reflows: Check) -> None:
    make_member(clinic=therapist.membership.clinic, role=Role.THERAPIST)
    make_case(therapist, name="Positive Person", phq9=POSITIVE_FORM)
    for number in range(CASES_A_PAGE):
        case = make_case(therapist, name=f"Quiet {number}")
    page = signed_in_page(therapist)

    for address in (
        reverse("cases:list"),
        f"{reverse('cases:list')}?whose=clinic&page=2",
        f"{reverse('cases:list')}?show=closed",
        *(reverse(f"life:{name}", args=[case.pk]) for name in ("close", "hand", "copy")),
        reverse("phrases:phrases"),
        reverse("cases:tour"),
        reverse("cases:sample"),
    ):
        page.set_viewport_size(WIDE)
        page.goto(address)
        axe(page)
        assert page.evaluate(SCROLLS) == 0, address
        page.set_viewport_size(SMALLEST)
        reflows(page)
        assert page.evaluate(SCROLLS) == 0, f"cut off at the right of a phone: {address}"


def test_from_the_search_to_a_closed_case_by_keyboard_without_a_script(
    browser_context_for: Callable[..., BrowserContext], clinic: Clinic
) -> None:
    person = make_member(clinic=clinic, role=Role.THERAPIST, password=PASSWORD)
    make_case(person, name="Ruth Wanted")
    make_case(person, name="Another One")
    page = browser_context_for(java_script_enabled=False).new_page()
    page.goto("/")
    page.get_by_label("Email").fill(person.email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()

    page.get_by_label("Name, reference or case number").focus()
    page.keyboard.type("wanted")
    page.keyboard.press("Enter")
    expect(page.get_by_role("link", name="Another One")).to_have_count(0)
    assert "wanted" not in page.url
    page.get_by_role("link", name="Ruth Wanted").focus()
    page.keyboard.press("Enter")
    page.get_by_role("link", name="Close the case").focus()
    page.keyboard.press("Enter")
    page.get_by_label("Care goes on elsewhere").focus()
    page.keyboard.press("Space")
    page.get_by_role("button", name="Close the case").focus()
    page.keyboard.press("Enter")

    expect(page.get_by_role("status")).to_contain_text("Closed.")
    expect(page.get_by_role("link", name="Reopen the case")).to_be_visible()


def test_one_press_puts_a_phrase_at_the_end(signed_in_page: OpenPage, therapist: User) -> None:
    decision = make_decision(therapist)
    with clinic_of(therapist):
        clinic = therapist.membership.clinic
        keep_phrase(clinic=clinic, actor=therapist, kind="reasoning", text="It held for months.")
    page = signed_in_page(therapist)
    page.goto(reverse("cases:decision", args=[decision.case_id]))
    reasoning = page.get_by_label("Your own reasoning")
    reasoning.fill("Before.")

    page.get_by_text("Your phrases").click()
    page.get_by_role("button", name="It held for months.").click()

    expect(reasoning).to_have_value("Before.\nIt held for months.")
    expect(reasoning).to_be_focused()
