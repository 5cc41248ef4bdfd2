"""The short path in Chromium: by keys, without a connection, for everybody, at both widths."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, ViewportSize, expect

from decisions.cases.models import Case
from decisions.rules.loading import load_edition
from kapnet.core.people.models import User
from tests.decisions.case_factories import answer, file_for, make_case
from tests.decisions.cases.path.test_path_views import card_url, path_url
from tests.decisions.follow_up.test_record import enter
from tests.decisions.rules.cases import vignette

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
OpenPage = Callable[..., Page]
Check = Callable[[Page], None]

SETTLES = 350
"""Milliseconds after which a press is meant for the card that is shown, not the one before."""
WIDTHS: tuple[ViewportSize, ...] = ({"width": 1280, "height": 800}, {"width": 360, "height": 740})
PATIENT = vignette("responder-relapsed")


@pytest.fixture
def case(therapist: User) -> Case:
    return make_case(therapist)


def card_of(page: Page, question_id: str) -> None:
    """Wait for a card, until a press is meant for it."""
    expect(page.locator("#card")).to_have_attribute("data-question", question_id)
    page.wait_for_timeout(SETTLES)


def press(page: Page, *keys: str) -> None:
    for key in keys:
        page.keyboard.press(key)


def test_keys_alone_lead_from_card_to_card(
    signed_in_page: OpenPage, therapist: User, case: Case, axe: Check
) -> None:
    page = signed_in_page(therapist)
    page.goto(path_url(case))

    card_of(page, "age_years")
    press(page, "4", "4", "Enter")
    card_of(page, "diagnosis")
    press(page, "ArrowDown", "ArrowDown", "Enter")
    card_of(page, "suicide_risk")
    press(page, "9")
    expect(page.locator("#suicide_risk-ask")).to_be_focused()
    press(page, "0", "0")
    card_of(page, "phq9")
    press(page, "8", "Tab", "0", "Enter")
    card_of(page, "psychosis")
    press(page, "1")
    card_of(page, "mania_now")
    axe(page)
    page.get_by_role("group", name="manic").get_by_label("Not known").check()
    expect(page.get_by_role("button", name="No to the others")).to_be_visible()
    press(page, "1")
    card_of(page, "speed_needed")

    answers = file_for(case, therapist).raw_answers
    assert answers == {
        "age_years": 44,
        "diagnosis": "bipolar",
        "suicide_risk": "unknown",
        "phq9": {"total": 8, "item9": 0},
        "psychosis": "none",
        "mania_now": "unknown",
        "life_threatening": "no",
        "withdrawal_now": "no",
    }
    page.get_by_role("link", name="Back", exact=True).click()
    card_of(page, "mania_now")
    expect(
        page.get_by_role("group", name="Catatonia").get_by_label("No", exact=True)
    ).to_be_checked()


@pytest.mark.parametrize("width", WIDTHS, ids=["wide", "narrow"])
def test_positive_item_9_is_in_view_at_once_beside_the_next_card(
    signed_in_page: OpenPage, therapist: User, case: Case, width: Any, axe: Check, reflows: Check
) -> None:
    page = signed_in_page(therapist, viewport=width)
    page.goto(card_url(case, "phq9"))
    axe(page)
    answer_so_far = page.locator(".k-card__so-far, #so-far .k-answer").locator("visible=true")
    expect(answer_so_far).to_be_in_viewport(ratio=1)
    page.wait_for_timeout(SETTLES)
    press(page, "1", "8", "Tab", "1", "Enter")

    card_of(page, "suicide_risk")

    expect(page.locator(".k-act-first__heading")).to_be_in_viewport()
    expect(page.locator("#card h1")).to_be_focused()
    axe(page)
    reflows(page)


def test_item_9_that_was_left_empty_gets_the_focus_and_can_be_said_not_to_be_known(
    signed_in_page: OpenPage, therapist: User, case: Case, axe: Check, reflows: Check
) -> None:
    page = signed_in_page(therapist, viewport=WIDTHS[1])
    page.goto(card_url(case, "phq9"))
    page.wait_for_timeout(SETTLES)

    press(page, "1", "8", "Enter")

    expect(page.get_by_label("Item 9 (harm to oneself)")).to_be_focused()
    axe(page)
    reflows(page)
    page.wait_for_timeout(SETTLES)
    press(page, "Tab", "Space", "Enter")
    expect(page.locator("#card[data-question=phq9]")).to_have_count(0)


def test_what_the_record_offers_is_taken_over_by_a_press_on_its_card(
    signed_in_page: OpenPage, therapist: User, case: Case, axe: Check
) -> None:
    enter(case, therapist, (2,) * 8 + (0,))
    page = signed_in_page(therapist)
    page.goto(card_url(case, "phq9"))
    axe(page)
    page.wait_for_timeout(SETTLES)

    page.get_by_role("button", name="Take it over").click()

    expect(page.locator("#card[data-question=phq9]")).to_have_count(0)
    assert file_for(case, therapist).raw_answers["phq9"] == {"items": [2] * 8 + [0]}


def test_group_is_left_by_one_press_and_the_answer_follows(
    signed_in_page: OpenPage, therapist: User, axe: Check, reflows: Check
) -> None:
    left = ("heart", "liver", "head_metal")
    case = make_case(therapist, **{name: raw for name, raw in PATIENT.items() if name not in left})
    page = signed_in_page(therapist, viewport=WIDTHS[1])
    page.goto(path_url(case))
    card_of(page, "leave")
    axe(page)
    reflows(page)

    press(page, "1")
    expect(page.get_by_text("Left to the prescriber: 2")).to_be_visible()
    page.wait_for_timeout(SETTLES)
    page.get_by_role("button", name="Take back").click()
    expect(page.get_by_role("button", name="Leave 2 to the prescriber")).to_be_visible()
    page.wait_for_timeout(SETTLES)
    page.get_by_role("button", name="Leave 1 to the TMS provider").click()
    expect(page.get_by_text("Left to the TMS provider: 1")).to_be_visible()
    page.get_by_text("Answer one you know").click()
    expect(page.get_by_role("link", name="Heart disease")).to_be_visible()
    axe(page)
    reflows(page)

    assert file_for(case, therapist).answers.left == {"head_metal"}
    page.get_by_role("link", name="See the answer").click()
    page.wait_for_url("**/decision/")


def test_without_a_connection_the_card_stays_and_is_saved_when_the_line_is_back(
    signed_in_page: OpenPage, therapist: User, case: Case
) -> None:
    page = signed_in_page(therapist)
    page.goto(card_url(case, "diagnosis"))
    page.wait_for_timeout(SETTLES)
    page.context.set_offline(True)
    press(page, "1")
    expect(page.locator("#diagnosis-status")).to_contain_text("Not saved yet")
    expect(page.locator("#unsaved-notice")).to_be_visible()
    press(page, "2")

    page.context.set_offline(False)

    card_of(page, "age_years")
    expect(page.locator("#unsaved-notice")).to_be_hidden()
    assert file_for(case, therapist).raw_answers == {"diagnosis": "bipolar"}


def test_several_are_ticked_by_digits_and_none_goes_on(
    signed_in_page: OpenPage, therapist: User, case: Case, axe: Check
) -> None:
    page = signed_in_page(therapist)
    page.goto(card_url(case, "ketamine_access"))
    page.wait_for_timeout(SETTLES)
    press(page, "1", "2", "Enter")
    card_of(page, "age_years")
    page.goto(card_url(case, "comorbidities"))
    axe(page)
    page.wait_for_timeout(SETTLES)
    offered = load_edition().questionnaire.question("comorbidities").options
    press(page, "1", str(len(offered) + 1))
    card_of(page, "age_years")

    answers = file_for(case, therapist).raw_answers
    assert answers == {"ketamine_access": ["iv", "esketamine"], "comorbidities": []}


def test_somebody_else_answered_meanwhile(
    signed_in_page: OpenPage, therapist: User, case: Case, axe: Check
) -> None:
    page = signed_in_page(therapist)
    page.goto(card_url(case, "diagnosis"))
    page.wait_for_timeout(SETTLES)
    answer(case, therapist, "diagnosis", "bipolar")
    press(page, "1")
    expect(page.locator(".k-conflict")).to_contain_text("Bipolar depression")
    axe(page)

    page.get_by_role("button", name="Keep mine").click()

    card_of(page, "age_years")
    assert file_for(case, therapist).raw_answers == {"diagnosis": "mdd"}


def test_key_says_no_to_a_group_only_where_its_button_is_in_view(
    signed_in_page: OpenPage, therapist: User, case: Case
) -> None:
    page = signed_in_page(therapist, viewport={"width": 360, "height": 420})
    page.goto(card_url(case, "mania_now"))
    button = page.get_by_role("button", name="No to each of these")
    expect(button).not_to_be_in_viewport()
    page.wait_for_timeout(SETTLES)

    press(page, "1")

    expect(button).to_be_focused()
    expect(button).to_be_in_viewport(ratio=1)
    assert file_for(case, therapist).raw_answers == {}
    press(page, "1")
    card_of(page, "age_years")
    assert set(file_for(case, therapist).raw_answers.values()) == {"no"}

    page.set_viewport_size(WIDTHS[1])
    page.goto(card_url(case, "mania_now"))
    expect(page.locator("[name=rest_no]")).to_be_in_viewport(ratio=1)
    expect(page.locator("#card h1")).to_be_in_viewport(ratio=1)
