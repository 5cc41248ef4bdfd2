"""The page of what another system says, on a phone, on a desk and without scripts."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from decisions.cases.models import Answer
from decisions.fhir.received.keeping import Said, Sender, keep_said
from decisions.fhir.received.models import Received
from kapnet.core.people.models import User
from tests.decisions.case_factories import clinic_of, make_case

pytestmark = pytest.mark.django_db(transaction=True)
SAID = [
    Said("diagnosis", "mdd", on=date(2026, 11, 1), resource="Condition/12"),
    Said("diagnosis", "bipolar", on=date(2025, 3, 9), resource="Condition/7"),
    Said("bp_systolic", 132, on=date(2026, 11, 20), resource="Observation/5"),
    Said("ketamine_allergy", None, "Ketamine: rash", resource="AllergyIntolerance/3"),
    Said("age_years", 41),
]


def test_what_another_system_says_is_ticked_and_taken_over(
    therapist: User,
    signed_in_page: Callable[..., Page],
    fits: Callable[[Page], None],
) -> None:
    case = make_case(therapist, diagnosis="other", age_years=41)
    sender = Sender(Received.Kind.EHR, "1", "Riverside record system")
    with clinic_of(therapist):
        assert keep_said(case=case, sender=sender, actor=therapist, said=SAID) is not None
        assert keep_said(case=case, sender=sender, actor=therapist, said=SAID) is None
    page = signed_in_page(therapist, java_script_enabled=False)
    page.goto(reverse("received:said", args=[case.pk]))

    expect(page.get_by_role("checkbox", checked=True)).to_have_count(0)
    page.get_by_role("checkbox").nth(0).check()
    page.get_by_role("checkbox").nth(1).check()
    page.get_by_role("button", name="Take over what is ticked").click()
    expect(page.get_by_role("alert")).to_contain_text("Tick one answer to a question.")
    page.get_by_role("checkbox").nth(1).uncheck()
    page.get_by_role("button", name="Take over what is ticked").click()
    expect(page.get_by_text("Taken over: 1.")).to_be_visible()
    with clinic_of(therapist):
        assert Answer.objects.count() == 2
    with_scripts = signed_in_page(therapist)
    with_scripts.goto(page.url)
    fits(with_scripts)
