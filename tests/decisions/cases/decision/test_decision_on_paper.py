"""The decision page as it prints, and a recorded decision for everybody."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from decisions.cases.actions import record_decision
from decisions.cases.models import Case
from decisions.rules.loading import CURRENT_EDITION
from kapnet.core.people.models import User
from tests.decisions.case_factories import clinic_of, file_for, make_case
from tests.decisions.rules.cases import vignette

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.long,
]
OpenPage = Callable[..., Page]
Check = Callable[[Page], None]

LETTER_INSIDE_MARGINS = {"width": 710, "height": 949}
"""Pixels between margins of 14 mm on 215.9 x 279.4 mm."""
SMALLEST = {"width": 320, "height": 800}
REASON, SOURCE = "both.both-against-unproven", "shanok-2024"


@pytest.fixture
def case(therapist: User) -> Case:
    return make_case(therapist, **vignette("responder-relapsed"))


@pytest.fixture
def paper(signed_in_page: OpenPage, therapist: User, case: Case) -> Page:
    """The decision page with an open drawer, laid out for paper."""
    page = signed_in_page(therapist, viewport=LETTER_INSIDE_MARGINS)
    url = reverse("cases:decision", args=[case.pk])
    page.goto(f"{url}?source={SOURCE}&rule={REASON}")
    page.emulate_media(media="print")
    return page


def test_nothing_is_cut_off_at_the_edge_of_the_paper(paper: Page) -> None:
    beyond = paper.evaluate(
        """() => [...document.querySelectorAll("main *")].filter(
            one => one.getBoundingClientRect().right > innerWidth).map(
            one => one.outerHTML.slice(0, 80))"""
    )

    assert beyond == []


def test_every_cell_stands_in_the_one_grid_that_pages_can_cut(paper: Page) -> None:
    displays = paper.locator(".k-ledger__option").evaluate_all(
        "sections => sections.map(one => getComputedStyle(one).display)"
    )

    assert displays == ["contents"] * 3


def test_the_name_of_the_open_source_is_black(paper: Page) -> None:
    opener = paper.locator(f"[id='{REASON}.{SOURCE}']")

    expect(opener).to_have_css("color", "rgb(0, 0, 0)")
    expect(opener).to_have_css("background-color", "rgba(0, 0, 0, 0)")


def test_drawer_stays_over_the_whole_width(paper: Page) -> None:
    drawer, ledger = (paper.locator(one).bounding_box() for one in ("#drawer", "#ledger"))

    assert drawer is not None
    assert ledger is not None
    assert abs(drawer["width"] - ledger["width"]) <= 3


def test_foot_keeps_edition_release_and_date(paper: Page) -> None:
    foot = paper.locator(".k-foot")

    for words in (f"Edition {CURRENT_EDITION}", "Evidence release", "Printed"):
        expect(foot).to_contain_text(words)
    expect(paper.locator(".k-print-only")).to_be_visible()


def test_a_recorded_decision_passes_axe_and_fits(
    signed_in_page: OpenPage, therapist: User, case: Case, axe: Check, reflows: Check
) -> None:
    file = file_for(case, therapist)
    with clinic_of(therapist):
        recorded = record_decision(
            case=case,
            actor=therapist,
            chosen="repeat_tms",
            reasoning="She did well before.",
            fingerprint=file.fingerprint,
        )
    page = signed_in_page(therapist, viewport=SMALLEST)

    page.goto(reverse("cases:decision_record", args=[case.pk, recorded.number]))

    expect(page.get_by_text("Decision 1, as recorded")).to_be_visible()
    axe(page)
    reflows(page)
