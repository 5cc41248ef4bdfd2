"""The pages of a case in Chromium: for axe, at 320 pixels, by keyboard alone."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from decisions.cases.models import Case
from decisions.rules.loading import load_edition
from kapnet.core.people.models import User
from tests.collecting import for_each
from tests.conftest import SMALLEST
from tests.decisions.case_factories import POSITIVE_FORM, answer, file_for, make_case, section_url
from tests.decisions.rules.cases import vignette

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
OpenPage = Callable[..., Page]
Check = Callable[[Page], None]

PAGES = ("list", "new", "case", "check", "safety", "section")
PATIENT = {**vignette("responder-relapsed"), "phq9": POSITIVE_FORM, "comorbidities": []}


@pytest.fixture
def case(therapist: User) -> Case:
    return make_case(therapist)


def url_of(page: str, case: Case) -> str:
    if page == "section":
        return section_url(case, "episode")
    args = [] if page in {"list", "new"} else [case.pk]
    return reverse(f"cases:{page}", args=args)


def saved(page: Page, question_id: str) -> None:
    expect(page.locator(f"#{question_id}-status")).to_contain_text("Saved")


@pytest.fixture
def answered(case: Case, therapist: User) -> Case:
    for question, raw in PATIENT.items():
        answer(case, therapist, question, raw)
    return case


@pytest.fixture
def page(signed_in_page: OpenPage, therapist: User) -> Page:
    return signed_in_page(therapist)


@for_each("name", PAGES)
def test_axe_finds_nothing(page: Page, answered: Case, axe: Check, name: str) -> None:
    page.goto(url_of(name, answered))

    axe(page)


@for_each("section", [one.id for one in load_edition().questionnaire.sections])
def test_axe_finds_nothing_in_any_section_with_all_unfolded(
    page: Page, case: Case, axe: Check, section: str
) -> None:
    page.goto(section_url(case, section))

    page.evaluate("document.querySelectorAll('details').forEach(one => { one.open = true })")

    axe(page)


@for_each("name", PAGES)
def test_nothing_runs_over_at_320_pixels(
    page: Page, answered: Case, reflows: Check, name: str
) -> None:
    page.set_viewport_size(SMALLEST)
    page.goto(url_of(name, answered))

    reflows(page)


def test_a_section_can_be_answered_by_keyboard_alone(
    signed_in_page: OpenPage, therapist: User, case: Case
) -> None:
    page = signed_in_page(therapist)
    page.goto(section_url(case, "earlier_treatment"))
    page.locator("h1").click()

    for _ in range(40):
        page.keyboard.press("Tab")
        focused = page.evaluate("document.activeElement.id")
        if focused == "ketamine_history-never":
            page.keyboard.press("Space")
        elif focused == "ketamine_allergy-yes":
            page.keyboard.press("ArrowRight")
        elif focused == "ect_history-never":
            page.keyboard.press("ArrowDown")
            break
    saved(page, "ect_history")

    assert file_for(case, therapist).raw_answers == {
        "ketamine_history": "never",
        "ketamine_allergy": "no",
        "ect_history": "helped",
    }


def test_enter_in_a_number_saves_and_stays(
    signed_in_page: OpenPage, therapist: User, case: Case
) -> None:
    page = signed_in_page(therapist)
    page.goto(section_url(case, "ketamine_safety"))
    page.locator("#bp_diastolic-number").fill("80")

    page.locator("#bp_diastolic-number").press("Enter")
    saved(page, "bp_diastolic")

    expect(page.locator("#bp_diastolic-number")).to_have_value("80")
    assert file_for(case, therapist).raw_answers == {"bp_diastolic": 80}
