"""A launch in Chromium from an EHR of other people's making, from the sign-in to an answer."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from decisions.cases.models import Answer, Case
from decisions.cases.safety.models import SafetyTask
from kapnet.core.people.models import Role, User
from tests.decisions.case_factories import clinic_of
from tests.decisions.smart.launches import ForeignEhr, launch_address, list_ehr
from tests.factories import PASSWORD, make_member

pytestmark = pytest.mark.django_db(transaction=True)


def test_launch_from_sign_in_to_an_answer(
    running_ehr: ForeignEhr,
    live_page: Page,
    manager: User,
    settings: Any,
    fits: Callable[[Page], None],
) -> None:
    settings.EHR_PRIVATE_HOSTS = ["127.0.0.1"]
    therapist = make_member(
        clinic=manager.membership.clinic, role=Role.THERAPIST, password=PASSWORD
    )
    list_ehr(manager, iss=running_ehr.iss, keys=running_ehr.keys)
    page = live_page

    # Signed out: sign in, and go on to the EHR by a click.
    page.goto(launch_address(running_ehr.iss, "for-maren"))
    page.get_by_label("Email").fill(therapist.email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    fits(page)
    page.get_by_role("link", name="Go on to Test EHR").click()

    # Back from the EHR, which signs a person in that nobody has linked yet.
    expect(page.get_by_role("heading", level=1)).to_have_text("Is this you in Test EHR?")
    fits(page)
    page.get_by_role("button", name="Yes, link it with my account").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Which case is it?")
    fits(page)
    page.get_by_label("A new case: Maren Testcase, born 14 March 1984").check()
    page.get_by_role("button", name="Open this case").click()

    # What the EHR says: none ticked; one tick makes one answer.
    expect(page.get_by_role("heading", level=1)).to_have_text("What another system says")
    fits(page)
    assert page.locator("input[type=checkbox]:checked").count() == 0
    page.get_by_label("F33.1 Major depressive disorder").check()
    page.get_by_role("button", name="Take over what is ticked").click()
    expect(page.get_by_text("Taken over: 1")).to_be_visible()
    with clinic_of(therapist):
        case = Case.objects.get()
        answers = dict(Answer.objects.filter(case=case).values_list("question", "value"))
        assert answers.keys() == {"age_years", "diagnosis"}
        assert answers["diagnosis"] == "mdd"
        assert SafetyTask.objects.filter(case=case, closed_at=None).exists()  # item 9 was positive

    # The next launch leads there at once.
    page.goto(launch_address(running_ehr.iss, "for-maren"))
    expect(page.get_by_role("heading", level=1)).to_have_text("What another system says")
    expect(page.get_by_text("nothing that was not proposed before")).to_be_visible()
