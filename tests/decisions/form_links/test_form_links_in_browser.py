"""A patient with a narrow phone and a keyboard, and the clinician's page; axe finds nothing."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.urls import reverse
from playwright.sync_api import BrowserContext, Page, expect

from decisions.cases.models import SafetyTask
from decisions.form_links.models import FormLink
from kapnet.core.people.models import User
from tests.conftest import SMALLEST
from tests.decisions.case_factories import clinic_of
from tests.decisions.form_links.form_link_factories import make, patients_case

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
Check = Callable[[Page], None]


def test_a_patient_on_a_phone_without_javascript(
    browser_context_for: Callable[..., BrowserContext],
    therapist: User,
    axe: Check,
    reflows: Check,
    signed_in_page: Callable[..., Page],
    fits: Check,
) -> None:
    """As browsers send it: no referrer, `Origin: null`, cookies of one site."""
    case = patients_case(therapist)
    made = make(case, therapist)
    address = reverse("patient_forms:start", args=[made.secret])
    scripted = browser_context_for(viewport=SMALLEST).new_page()
    scripted.goto(address)
    axe(scripted)
    phone = browser_context_for(viewport=SMALLEST, java_script_enabled=False).new_page()
    phone.goto(address)
    phone.get_by_label("Month").focus()
    for part in ("3", "27", "1984"):
        phone.keyboard.type(part)
        phone.keyboard.press("Tab")
    phone.keyboard.press("Enter")
    expect(phone.get_by_text("Page 1 of 4")).to_be_visible()
    assert made.secret not in phone.url
    assert phone.locator("input:checked").count() == 0
    phone.locator("#item9-0").focus()
    phone.keyboard.press("ArrowDown")
    phone.get_by_role("button", name="Next").press("Enter")
    expect(phone.get_by_role("heading", level=1)).to_have_text("You are not alone with this")
    with clinic_of(therapist):
        assert SafetyTask.objects.get(case=case).item9 == 1

    context = browser_context_for(viewport=SMALLEST)
    held: Any = phone.context.cookies()
    context.add_cookies(held)
    looked = context.new_page()
    for place in ("?card=phq9", "?card=safety", "?card=preference", "help/", "send/"):
        looked.goto(f"/f/{place}")
        axe(looked)
        reflows(looked)
    looked.get_by_role("button", name="Send").click()
    expect(looked.get_by_role("heading", level=1)).to_have_text("Thank you")
    looked.go_back()
    expect(looked.get_by_role("heading", level=1)).to_have_text("Thank you")
    phone.goto("/f/?card=phq9")
    expect(phone.get_by_role("heading", level=1)).to_have_text("Thank you")

    page = signed_in_page(therapist)
    page.goto(reverse("form_links:links", args=[case.pk]))
    fits(page)
    page.get_by_label("Within one day").check(force=True)
    page.get_by_label("I have made sure").check(force=True)
    page.get_by_label("Shown once").check(force=True)
    page.get_by_role("button", name="Make the link").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("A link for the patient")
    fits(page)
    with clinic_of(therapist):
        assert FormLink.objects.filter(case=case).count() == 2
