"""Home, sign-in, profile, clinic and error pages in Chromium: axe, keyboard, narrow, no script."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Page, expect
from pytest_django.fixtures import Settings

from kapnet.core.encryption.keys import make_key
from kapnet.core.people.models import Clinic, Role, User
from tests.collecting import for_each
from tests.conftest import DESKTOP, SMALLEST
from tests.decisions.case_factories import make_case
from tests.factories import PASSWORD, make_member

pytestmark = pytest.mark.browser

OpenPage = Callable[..., Page]
Check = Callable[[Page], None]
VISITOR_PAGES = [
    "/",
    "/about/",
    "/verify/",
    "/sources/",
    "/r/",
    "/r/7Q2M-4F2A-91C0-7BE3/",
    "/r/sent/",
    "/accounts/login/",
    "/accounts/signup/",
    "/accounts/password/forgot/",
    "/accounts/password/forgot/sent/",
    "/accounts/password/link/a-b/",
    "/accounts/password/link/done/",
    "/accounts/inactive/",
]
MANAGER_PAGES = [
    "/clinic/",
    "/clinic/audit/",
    "/clinic/exit/",
    "/profile/",
    "/accounts/password/",
    "/accounts/logout/",
    "/no-such-page/",
]


@for_each("address", VISITOR_PAGES)
def test_visitor_page(live_page: Page, axe: Check, reflows: Check, address: str) -> None:
    live_page.set_viewport_size(DESKTOP)
    live_page.goto(address)
    axe(live_page)

    live_page.set_viewport_size(SMALLEST)
    reflows(live_page)


@pytest.fixture
def manager_page(signed_in_page: OpenPage, manager: User) -> Page:
    return signed_in_page(manager)


@for_each("address", MANAGER_PAGES)
def test_manager_page(manager_page: Page, axe: Check, reflows: Check, address: str) -> None:
    page = manager_page

    page.set_viewport_size(DESKTOP)
    page.goto(address)
    axe(page)

    page.set_viewport_size(SMALLEST)
    reflows(page)


def test_page_of_a_patient_whose_key_is_missing(
    signed_in_page: OpenPage, therapist: User, axe: Check, reflows: Check, settings: Settings
) -> None:
    case = make_case(therapist)
    page = signed_in_page(therapist)
    settings.DATA_KEYS = [make_key()]

    page.goto(f"/cases/{case.pk}/")

    expect(page.get_by_role("heading", level=1)).to_have_text("This cannot be read at present")
    axe(page)
    page.set_viewport_size(SMALLEST)
    reflows(page)


def test_page_for_another_role(signed_in_page: OpenPage, therapist: User, axe: Check) -> None:
    page = signed_in_page(therapist)

    page.goto("/clinic/")

    expect(page.get_by_role("heading", level=1)).to_have_text("Not for your role")
    axe(page)


@pytest.mark.parametrize("scripts", [True, False])
def test_sign_in_by_keyboard_alone(
    browser_context_for: Callable[..., BrowserContext], clinic: Clinic, scripts: bool
) -> None:
    manager = make_member(clinic=clinic, role=Role.MANAGER, password=PASSWORD)
    page = browser_context_for(java_script_enabled=scripts).new_page()
    page.goto("/")

    page.get_by_label("Email").focus()
    page.keyboard.type(manager.email)
    page.keyboard.press("Tab")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")

    expect(page.get_by_role("heading", level=1)).to_have_text("People of Demo clinic")


def test_failed_sign_in_has_a_summary(live_page: Page, axe: Check, clinic: Clinic) -> None:
    live_page.goto("/accounts/login/")
    live_page.get_by_label("Email").fill("nobody@test.example")
    live_page.get_by_label("Password").fill("wrong-password")
    live_page.get_by_role("button", name="Sign in").click()

    expect(live_page.get_by_role("alert")).to_contain_text("Email or password is not right.")
    axe(live_page)


def test_invitation_shows_its_link_once(
    signed_in_page: OpenPage, manager: User, axe: Check
) -> None:
    page = signed_in_page(manager)
    page.goto("/clinic/")
    page.get_by_label("Name", exact=True).fill("N. Newcomer")
    page.get_by_label("Email", exact=True).fill("new@test.example")
    page.get_by_label("staff").check()
    page.get_by_role("button", name="Make the account").click()

    expect(page.get_by_role("status")).to_contain_text("A link for N. Newcomer")
    axe(page)
    page.reload()
    expect(page.get_by_text("A link for N. Newcomer")).to_have_count(0)


def test_nothing_is_kept_in_the_browser(signed_in_page: OpenPage, manager: User) -> None:
    page = signed_in_page(manager)
    page.goto("/clinic/")

    kept = page.evaluate("() => [...Object.keys(localStorage), ...Object.keys(sessionStorage)]")

    # htmx remembers the address of the page; an address says nothing about a patient.
    assert set(kept) <= {"htmx-current-path-for-history"}


def test_no_policy_violation(signed_in_page: OpenPage, manager: User) -> None:
    page = signed_in_page(manager)
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))

    for address in ("/clinic/", "/profile/", "/about/"):
        page.goto(address)

    assert not [text for text in said if "Content Security Policy" in text]


@pytest.mark.long
def test_page_of_too_many_files(
    signed_in_page: OpenPage, manager: User, axe: Check, reflows: Check, settings: Settings
) -> None:
    settings.LIMITS = {**settings.LIMITS, "trail.export": "1/h/user"}
    page = signed_in_page(manager)
    assert page.request.get("/clinic/audit/export.csv").status == 200

    page.goto("/clinic/audit/export.csv")

    heading = page.get_by_role("heading", level=1)
    expect(heading).to_have_text("Too often within a short time")
    axe(page)
    page.set_viewport_size(SMALLEST)
    reflows(page)
