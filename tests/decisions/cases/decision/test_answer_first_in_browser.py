"""The answer first: what the first screen holds, how much is open, and how the rest is reached."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, ViewportSize, expect

from decisions.cases.models import Case
from kapnet.core.people.models import User
from tests.decisions.case_factories import close_task, make_case
from tests.decisions.letters.pdf_reading import pages_of, run_together
from tests.decisions.rules.cases import vignette

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
OpenPage = Callable[..., Page]
Check = Callable[[Page], None]

WIDE: ViewportSize = {"width": 1280, "height": 900}
NARROW: ViewportSize = {"width": 360, "height": 740}
SCREENS = {1280: 3, 360: 6}
MOST_WORDS = 600
ON_THE_FIRST_SCREEN = {
    1280: (".k-case-line", ".k-answer", ".k-way .k-verdict", ".k-first__next", ".k-first__settled"),
    360: (
        *(".k-case-line", ".k-answer", ".k-jump li", ".k-first__next .nhsuk-button:first-child"),
        *(".k-first__settled > p", ".k-first__instead li:first-child"),
    ),
}
REFERRED: dict[str, Any] = {
    "age_years": 44,
    "diagnosis": "mdd",
    "psychosis": "none",
    "mania_now": "no",
    "life_threatening": "no",
    "phq9": {"items": [2, 2, 2, 2, 3, 2, 2, 2, 1]},
    "suicide_risk": "passive",
    "speed_needed": "days",
    "antidepressant_trials": 2,
    "comorbidities": [],
    "tms_courses": 1,
    "tms_now": "no",
    "tms_last_sessions": 36,
    "tms_best_response": "response",
    "tms_last_response": "response",
    "tms_benefit_months": 5,
    "tms_tolerability": "well",
    "tms_seizure": "no",
    "head_metal": "none",
    "implanted_device": "none",
    "seizures": "none",
    "ketamine_history": "never",
    "bp_systolic": 138,
    "bp_diastolic": 86,
    "medicines": [],
    "preference": "ketamine",
    "daily_visits": "no",
    "tms_access": "yes",
    "ketamine_access": ["iv"],
    "escort": "yes",
    "dissociation_fear": "no",
    "substance_use": "none",
    "ect_history": "never",
}
"""A therapist's patient: what a therapist knows is answered, what a prescriber knows is open."""


@pytest.fixture
def case(therapist: User) -> Case:
    case = make_case(therapist, **REFERRED)
    close_task(case, therapist)
    return case


def path_of(case: Case) -> str:
    return f"/cases/{case.pk}/decision/"


def below_the_fold(page: Page, selectors: tuple[str, ...]) -> list[str]:
    """What of these ends below the first screen, or is not shown at all."""
    found: list[str] = page.evaluate(
        """selectors => selectors.flatMap(one => {
            const found = [...document.querySelectorAll(one)];
            if (!found.length) return [`${one}: missing`];
            return found.filter(each => {
                const box = each.getBoundingClientRect();
                return !box.height || box.bottom + scrollY > innerHeight;
            }).map(each => `${one}: ${each.textContent.trim().slice(0, 40)}`);
        })""",
        list(selectors),
    )
    return found


def test_answer_verdicts_and_next_step_are_on_the_first_screen_and_little_is_open(
    signed_in_page: OpenPage, therapist: User, case: Case, axe: Check, reflows: Check
) -> None:
    page = signed_in_page(therapist)
    for viewport in (WIDE, NARROW):
        width = viewport["width"]
        page.set_viewport_size(viewport)
        page.goto(path_of(case))
        page.evaluate("() => document.fonts.ready")

        words = page.evaluate("() => document.body.innerText.trim().split(/\\s+/).length")
        height = page.evaluate("() => document.documentElement.scrollHeight")

        assert below_the_fold(page, ON_THE_FIRST_SCREEN[width]) == []
        assert words <= MOST_WORDS
        assert height <= SCREENS[width] * viewport["height"]
        axe(page)
        reflows(page)


def test_a_link_opens_the_layer_it_leads_into_and_keeps_what_was_typed(
    signed_in_page: OpenPage, therapist: User, case: Case
) -> None:
    page = signed_in_page(therapist)
    page.goto(path_of(case))
    page.locator("#reasoning").fill("She wants relief soon.")
    changes = page.locator("#layer-change .k-changes__content")
    expect(changes).to_be_hidden()

    page.locator(".k-first__settled a", has_text="All changes").focus()
    page.keyboard.press("Enter")

    expect(changes).to_be_visible()
    expect(page.locator("#layer-change")).to_be_in_viewport()
    expect(page.locator("#reasoning")).to_have_value("She wants relief soon.")
    page.goto(f"{path_of(case)}#repeat_tms.tms-favour-tolerated")
    page.reload()
    expect(page.locator("[id='repeat_tms.tms-favour-tolerated']")).to_be_visible()


def test_without_a_script_the_address_opens_the_layer(
    signed_in_page: OpenPage, therapist: User, case: Case
) -> None:
    page = signed_in_page(therapist, java_script_enabled=False)
    page.goto(path_of(case))

    page.locator(".k-first__settled a", has_text="All changes").click()

    expect(page.locator("#layer-change .k-changes__content")).to_contain_text("were")
    page.locator("#layer-unknown summary").first.click()
    expect(page.locator("#layer-unknown h3").first).to_be_visible()


@pytest.mark.long
def test_closed_layers_are_printed(signed_in_page: OpenPage, therapist: User, case: Case) -> None:
    page = signed_in_page(therapist)
    page.goto(path_of(case))

    pages = pages_of(page.pdf())
    printed = run_together(" ".join(pages))

    assert run_together("None of these now") in run_together(pages[0])
    assert run_together("All reasons") not in run_together(pages[0]), "the answer is a page"

    for words in (
        "Applies to everyone",
        "Could forbid ketamine",
        "No contraindication of the pair as such was found",
        "A guideline that was not read is not quoted",
        "What is proved of these rules",
    ):
        assert run_together(words) in printed, words


def test_act_first_stands_in_place_of_the_answer(signed_in_page: OpenPage, therapist: User) -> None:
    page = signed_in_page(therapist, viewport=NARROW)
    page.goto(path_of(make_case(therapist, **vignette("psychotic"))))

    expect(page.locator(".k-act-first")).to_be_in_viewport()
    expect(page.locator(".k-answer")).to_have_count(0)
