"""Phrases in Chromium: Enter in a field presses none of them."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.urls import reverse
from playwright.sync_api import Page

from decisions.cases.models import Decision
from decisions.letters.models import Letter
from decisions.phrases.actions import keep_phrase
from kapnet.core.people.models import User
from tests.decisions.case_factories import clinic_of, make_case
from tests.decisions.letters.stored_letters import REASONING, make_draft
from tests.decisions.rules.cases import vignette

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
OpenPage = Callable[..., Page]


@pytest.fixture
def with_phrase(therapist: User) -> User:
    clinic = therapist.membership.clinic
    with clinic_of(therapist):
        keep_phrase(clinic=clinic, actor=therapist, kind="reasoning", text="A kept phrase.")
    return therapist


def test_enter_records_the_decision_as_it_was_typed(
    signed_in_page: OpenPage, with_phrase: User
) -> None:
    case = make_case(with_phrase, **vignette("responder-relapsed"))
    page = signed_in_page(with_phrase)
    page.goto(reverse("cases:decision", args=[case.pk]))
    page.locator("#reasoning").fill("My own words.")
    page.locator("#chosen-repeat_tms").check()

    page.locator("#chosen-repeat_tms").press("Enter")

    page.wait_for_url("**/decisions/1/")
    with clinic_of(with_phrase):
        assert Decision.objects.get().reasoning == "My own words."


@pytest.mark.long
def test_enter_saves_a_draft_as_it_was_typed(signed_in_page: OpenPage, with_phrase: User) -> None:
    draft = make_draft(with_phrase)
    page = signed_in_page(with_phrase)
    page.goto(reverse("letters:letter", args=[draft.case_id, draft.pk]))
    page.locator("summary", has_text="Change what it says").click()

    with page.expect_response("**/letters/**") as saved:
        page.locator("[name=request_kind]:checked").press("Enter")

    assert saved.value.ok
    with clinic_of(with_phrase):
        assert Letter.objects.get(pk=draft.pk).reasoning == REASONING
