"""Course and outcomes in Chromium: axe, 320 pixels and without a script."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from kapnet.core.people.models import User
from tests.decisions.case_factories import make_case
from tests.decisions.follow_up.test_record import begin, enter

pytestmark = pytest.mark.browser
OpenPage = Callable[..., Page]
Check = Callable[[Page], None]


def test_pages_fit_and_a_report_is_counted_without_a_script(
    signed_in_page: OpenPage, therapist: User, fits: Check
) -> None:
    case = make_case(therapist)
    first = timezone.localdate() - timedelta(days=120)
    course = begin(case, therapist, first_session_on=first)
    for day, each in ((-3, 2), (28, 1), (84, 1)):
        enter(case, therapist, (each,) * 8 + (0,), taken_on=first + timedelta(days=day))
    page = signed_in_page(therapist)

    at = f"/cases/{case.pk}"
    for address in (
        f"{at}/course/",
        f"{at}/course/new/",
        f"{at}/course/{course.pk}/event/",
        f"{at}/course/end/",
        f"{at}/forms/",
        "/outcomes/",
    ):
        page.goto(address)
        fits(page)

    plain = signed_in_page(therapist, java_script_enabled=False)
    plain.goto("/outcomes/")
    plain.get_by_role("radio", name="Ketamine", exact=True).check()
    plain.get_by_role("button", name="Count").click()
    expect(plain.get_by_role("heading", level=1)).to_contain_text("Ketamine: first sessions from")
    page.goto(plain.url)
    fits(page)
