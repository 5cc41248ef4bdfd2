"""The questionnaire in Chromium: with and without script, offline, in two tabs, by keyboard."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from playwright.sync_api import BrowserContext, Dialog, Page, expect

from decisions.cases.models import Case
from decisions.rules.loading import load_edition
from decisions.rules.questionnaire.questionnaire import Question, QuestionType
from kapnet.core.people.models import User
from tests.decisions.case_factories import POSITIVE_FORM, answer, file_for, make_case, section_url
from tests.decisions.rules.cases import vignette

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
OpenPage = Callable[..., Page]
Check = Callable[[Page], None]

PAGES = ("list", "new", "case", "check", "safety", "section")
SMALLEST = {"width": 320, "height": 800}
PATIENT = {**vignette("responder-relapsed"), "phq9": POSITIVE_FORM, "comorbidities": []}


@pytest.fixture
def case(therapist: User) -> Case:
    return make_case(therapist)


def fill(page: Page, question: Question, raw: Any) -> None:
    """Answer one question as a person would; labels are what a person presses."""
    name = question.id
    if isinstance(raw, dict) and "total" in raw:
        page.locator(f"#{name} .k-total summary").click()
        page.locator(f"#{name}-total").fill(str(raw["total"]))
        page.locator(f"#{name}-total").blur()
    elif isinstance(raw, dict):
        for n, score in enumerate(raw["items"], start=1):
            page.locator(f"#{name}-item{n}-{score}").check()
    elif question.type is QuestionType.INTEGER and raw != "unknown":
        page.locator(f"#{name}-number").fill(str(raw))
        page.locator(f"#{name}-number").blur()
    else:
        values = raw if isinstance(raw, list) else [raw]
        for value in values or ["none-of-these"]:
            page.locator(f'label[for="{name}-{value}"]').click()


def saved(page: Page, question_id: str) -> None:
    expect(page.locator(f"#{question_id}-status")).to_contain_text("Saved")


@pytest.mark.long  # the cards with a script are walked by test_path_in_browser.py
def test_the_whole_questionnaire_with_script(
    signed_in_page: OpenPage, therapist: User, case: Case
) -> None:
    page = signed_in_page(therapist)
    for section in load_edition().questionnaire.sections:
        page.goto(section_url(case, section.id))
        for question in section.questions:
            if question.id in PATIENT and page.locator(f"#{question.id}").is_visible():
                fill(page, question, PATIENT[question.id])
                saved(page, question.id)
        page.reload()

    asked = file_for(case, therapist)
    expected = {name: raw for name, raw in PATIENT.items() if asked.answers.is_asked(name)}
    assert {name: asked.raw_answers.get(name) for name in expected} == expected
    assert asked.has_open_task


@pytest.mark.long
def test_the_whole_questionnaire_without_script(
    signed_in_page: OpenPage, therapist: User, case: Case
) -> None:
    page = signed_in_page(therapist, java_script_enabled=False)
    for section in load_edition().questionnaire.sections:
        page.goto(section_url(case, section.id))
        while fresh := _unanswered(page, case, therapist, section.questions):
            for question in fresh:
                fill(page, question, PATIENT[question.id])
            page.locator('button[name="next"]').click()
            page.goto(section_url(case, section.id))

    asked = file_for(case, therapist)
    expected = {name: raw for name, raw in PATIENT.items() if asked.answers.is_asked(name)}
    assert {name: asked.raw_answers.get(name) for name in expected} == expected


def _unanswered(
    page: Page, case: Case, user: User, questions: tuple[Question, ...]
) -> list[Question]:
    done = file_for(case, user).raw_answers
    return [
        one
        for one in questions
        if one.id in PATIENT and one.id not in done and page.locator(f"#{one.id}").is_visible()
    ]


def test_questions_appear_and_go_without_touching_what_is_typed(
    signed_in_page: OpenPage, therapist: User, case: Case
) -> None:
    page = signed_in_page(therapist)
    page.goto(section_url(case, "tms_history"))
    page.locator("#tms_courses-number").fill("1")
    page.locator("#tms_courses-number").press("Tab")
    expect(page.locator("#tms_now")).to_be_visible()

    page.locator('label[for="tms_best_response-partial"]').click()

    expect(page.locator("#tms_benefit_months")).to_be_visible()
    expect(page.locator("#tms_best_response-partial")).to_be_focused()
    expect(page.locator("#tms_last_response")).to_be_hidden()


def test_a_wrong_number_is_named_and_kept(
    signed_in_page: OpenPage, therapist: User, case: Case, axe: Check
) -> None:
    page = signed_in_page(therapist)
    page.goto(section_url(case, "ketamine_safety"))
    page.locator("#bp_systolic-number").fill("1240")
    page.locator("#bp_systolic-number").blur()

    expect(page.locator("#bp_systolic-error")).to_contain_text("from 50 to 300")
    expect(page.locator("#bp_systolic-number")).to_have_value("1240")
    expect(page.locator("#bp_systolic-number")).to_have_attribute("aria-invalid", "true")
    axe(page)


@pytest.mark.long
def test_not_known_and_a_number_exclude_each_other(
    signed_in_page: OpenPage, therapist: User, case: Case
) -> None:
    page = signed_in_page(therapist)
    page.goto(section_url(case, "ketamine_safety"))
    page.locator("#bp_systolic-number").fill("124")
    page.locator('label[for="bp_systolic-unknown"]').click()
    saved(page, "bp_systolic")

    expect(page.locator("#bp_systolic-number")).to_have_value("")
    page.reload()
    expect(page.locator("#bp_systolic-unknown")).to_be_checked()


def test_an_answer_is_cleared_by_its_button(
    signed_in_page: OpenPage, therapist: User, case: Case
) -> None:
    answer(case, therapist, "heart", "stable")
    page = signed_in_page(therapist)
    page.goto(section_url(case, "ketamine_safety"))

    page.locator('#heart button[name="clear"]').click()

    expect(page.locator("#heart-stable")).not_to_be_checked()
    assert file_for(case, therapist).raw_answers == {}
    page.get_by_role("button", name="Undo: Present and stable").click()
    expect(page.locator("#heart-stable")).to_be_checked()
    assert file_for(case, therapist).raw_answers == {"heart": "stable"}


# No connection, two tabs, signed out


def test_offline_answers_stay_and_are_sent_when_the_line_is_back(
    signed_in_page: OpenPage, therapist: User, case: Case
) -> None:
    page = signed_in_page(therapist)
    page.goto(section_url(case, "tms_safety"))
    page.context.set_offline(True)
    page.locator('label[for="seizures-epilepsy"]').click()
    expect(page.locator("#seizures-status")).to_contain_text("Not saved yet")
    expect(page.locator("#unsaved-notice")).to_be_visible()
    page.locator('label[for="seizures-none"]').click()

    page.context.set_offline(False)

    saved(page, "seizures")
    expect(page.locator("#unsaved-notice")).to_be_hidden()
    assert file_for(case, therapist).raw_answers == {"seizures": "none"}


def test_going_on_without_a_connection_stays_until_all_is_saved(
    signed_in_page: OpenPage, therapist: User, case: Case
) -> None:
    page = signed_in_page(therapist)
    page.goto(section_url(case, "ketamine_safety"))
    page.context.set_offline(True)
    page.locator("#bp_systolic-number").fill("124")
    page.locator("#bp_systolic-number").press("Enter")
    expect(page.locator("#unsaved-notice")).to_be_visible()
    expect(page.locator("#bp_systolic-number")).to_have_value("124")

    page.context.set_offline(False)
    saved(page, "bp_systolic")
    page.locator('button[name="next"]').click()
    page.wait_for_url(f"**{section_url(case, 'current_medicines')}")

    assert file_for(case, therapist).raw_answers == {"bp_systolic": 124}


def test_leaving_with_an_unsaved_answer_asks_first(
    signed_in_page: OpenPage, therapist: User, case: Case
) -> None:
    page = signed_in_page(therapist)
    page.goto(section_url(case, "tms_safety"))
    page.context.set_offline(True)
    page.locator('label[for="seizures-none"]').click()
    expect(page.locator("#seizures-status")).to_contain_text("Not saved yet")
    asked: list[str] = []

    def stay(dialog: Dialog) -> None:
        asked.append(dialog.type)
        dialog.dismiss()

    page.on("dialog", stay)

    page.close(run_before_unload=True)
    page.wait_for_timeout(300)

    assert asked == ["beforeunload"]


def test_the_newest_of_two_quick_changes_stays(
    signed_in_page: OpenPage, therapist: User, case: Case
) -> None:
    page = signed_in_page(therapist)
    page.goto(section_url(case, "tms_safety"))

    for value in ("none", "provoked_past", "epilepsy", "unknown"):
        page.locator(f'label[for="seizures-{value}"]').click()
    page.wait_for_load_state("networkidle")
    saved(page, "seizures")

    expect(page.locator("#seizures .k-conflict")).to_have_count(0)
    assert file_for(case, therapist).raw_answers == {"seizures": "unknown"}


@pytest.mark.parametrize(("button", "stays"), [("Keep mine", "epilepsy"), ("Take theirs", "none")])
def test_two_tabs_show_both_answers(
    signed_in_page: OpenPage, therapist: User, case: Case, axe: Check, button: str, stays: str
) -> None:
    first = signed_in_page(therapist)
    second: Page = first.context.new_page()
    for page in (first, second):
        page.goto(section_url(case, "tms_safety"))
    first.locator('label[for="seizures-none"]').click()
    saved(first, "seizures")

    second.locator('label[for="seizures-epilepsy"]').click()

    expect(second.locator(".k-conflict")).to_contain_text("Never")
    expect(second.locator(".k-conflict")).to_contain_text("Epilepsy")
    axe(second)
    second.get_by_role("button", name=button).click()
    saved(second, "seizures")
    expect(second.locator(f"#seizures-{stays}")).to_be_checked()
    assert file_for(case, therapist).raw_answers == {"seizures": stays}


def test_an_expired_login_loses_nothing(
    signed_in_page: OpenPage,
    browser_context_for: Callable[..., BrowserContext],
    therapist: User,
    case: Case,
) -> None:
    page = signed_in_page(therapist)
    page.goto(section_url(case, "tms_safety"))
    Session.objects.all().delete()
    page.locator('label[for="seizures-epilepsy"]').click()
    expect(page.locator("#seizures-status")).to_contain_text("Sign in")

    cookies: Any = browser_context_for(therapist).cookies()
    page.context.add_cookies(cookies)
    page.evaluate("window.dispatchEvent(new Event('focus'))")

    saved(page, "seizures")
    assert file_for(case, therapist).raw_answers == {"seizures": "epilepsy"}
