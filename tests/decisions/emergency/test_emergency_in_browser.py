"""Emergency access in Chromium: axe, narrow, by keyboard, without script, when time is over."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Page, ViewportSize, expect

from decisions.emergency.actions import open_in_emergency
from decisions.emergency.models import EmergencyAccess
from kapnet.core.people.models import User
from tests.conftest import SMALLEST
from tests.decisions.case_factories import POSITIVE_FORM, clinic_of, make_case

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

OpenPage = Callable[..., Page]
Check = Callable[[Page], None]
WIDE: ViewportSize = {"width": 1280, "height": 900}
PATIENT = "Orla Testcase"
REASON = "The patient rang, nobody of the therapists could be reached."


@pytest.mark.parametrize("scripts", [True, False])
def test_from_the_search_to_the_case_by_keyboard_alone(
    signed_in_page: OpenPage,
    therapist: User,
    staff: User,
    axe: Check,
    reflows: Check,
    scripts: bool,
) -> None:
    make_case(therapist, name=PATIENT, phq9=POSITIVE_FORM)
    page = signed_in_page(staff, java_script_enabled=scripts)

    def looks_right() -> None:
        if scripts:
            axe(page)
        page.set_viewport_size(SMALLEST)
        if scripts:
            reflows(page)
        page.set_viewport_size(WIDE)

    page.goto("/emergency/")
    looks_right()
    page.get_by_label("The patient", exact=True).focus()
    page.keyboard.type("Orla")
    page.keyboard.press("Tab")
    page.keyboard.type("short")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("Say in a sentence why")
    expect(page.get_by_text(PATIENT)).to_have_count(0)
    looks_right()
    page.get_by_label("Why does the case have to be opened now?").focus()
    page.keyboard.press("End")
    page.keyboard.type(f" of time. {REASON}")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="2. Choose the patient")).to_be_visible()
    looks_right()
    page.get_by_role("button", name="Open the case").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("Choose the patient")
    looks_right()
    page.get_by_role("radio", name=PATIENT).focus()
    page.keyboard.press("Space")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")

    expect(page.get_by_role("heading", level=1)).to_have_text(PATIENT)
    assert PATIENT.split()[0] not in page.url
    looks_right()
    page.get_by_role("button", name="I no longer need it").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("status")).to_have_text("Access is ended.")
    looks_right()


def test_s13_case_leaves_the_screen_when_the_time_is_over(
    signed_in_page: OpenPage, therapist: User, staff: User, axe: Check
) -> None:
    case, now = make_case(therapist, name=PATIENT), timezone.now()
    with clinic_of(staff):
        access = EmergencyAccess.objects.create(
            case=case,
            reason=REASON,
            opened_at=now,
            opened_by=staff,
            ends_at=now + timedelta(seconds=4),
        )
    page = signed_in_page(staff)
    page.goto(reverse("emergency:read", args=[access.pk]))
    expect(page.get_by_role("heading", level=1)).to_have_text(PATIENT)

    expect(page.get_by_role("heading", level=1)).to_have_text("Access is over", timeout=15_000)

    assert PATIENT not in page.content()
    axe(page)


def test_pages_of_who_is_told(
    signed_in_page: OpenPage,
    therapist: User,
    staff: User,
    manager: User,
    axe: Check,
    reflows: Check,
) -> None:
    case = make_case(therapist, name=PATIENT)
    with clinic_of(staff):
        open_in_emergency(case=case, actor=staff, reason=REASON)

    for person, address in (
        (therapist, "/cases/"),
        (therapist, reverse("emergency:review", args=[case.pk])),
        (manager, "/emergency/"),
    ):
        page = signed_in_page(person)
        page.goto(address)
        axe(page)
        page.set_viewport_size(SMALLEST)
        reflows(page)
