"""The audit log in Chromium: axe, keyboard, narrow, without script."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from kapnet.core.people.models import Clinic, User
from tests.conftest import SMALLEST
from tests.decisions.audit_log.test_audit_log import write
from tests.decisions.case_factories import make_case

pytestmark = pytest.mark.browser

OpenPage = Callable[..., Page]
Check = Callable[[Page], None]


@pytest.mark.parametrize(
    "asked",
    [
        *("", "?case=x&since=x"),
        *(pytest.param(one, marks=pytest.mark.long) for one in ("?person=nobody", "?case=9999")),
    ],
)
def test_trail_page(
    signed_in_page: OpenPage,
    manager: User,
    clinic: Clinic,
    axe: Check,
    reflows: Check,
    asked: str,
) -> None:
    for _ in range(60):
        write(clinic, "letter.read", reason="PDF " + "0" * 64, object_id="0" * 36)
    page = signed_in_page(manager)

    page.goto(f"/clinic/audit/{asked}")
    axe(page)

    page.set_viewport_size(SMALLEST)
    reflows(page)


@pytest.mark.parametrize("scripts", [True, False])
def test_trail_by_keyboard_alone(
    signed_in_page: OpenPage, manager: User, therapist: User, scripts: bool
) -> None:
    case = make_case(therapist)
    page = signed_in_page(manager, java_script_enabled=scripts)
    page.goto("/clinic/audit/")

    page.get_by_label("Number of the case").focus()
    page.keyboard.type(str(case.number))
    page.keyboard.press("Enter")

    page.wait_for_url(f"**/clinic/audit/?*case={case.number}")
    expect(page.get_by_role("cell", name=f"{case.number:04d}").first).to_be_visible()
    page.get_by_role("link", name="CSV, for a spreadsheet").focus()
    with page.expect_download() as download:
        page.keyboard.press("Enter")
    assert download.value.suggested_filename.startswith("audit-log-")
