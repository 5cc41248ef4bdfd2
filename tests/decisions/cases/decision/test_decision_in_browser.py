"""The decision page in Chromium: for everybody, on paper, with and without script."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from decisions.cases.models import Case
from kapnet.core.people.models import User
from tests.decisions.case_factories import make_case
from tests.decisions.rules.cases import vignette

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
OpenPage = Callable[..., Page]
Check = Callable[[Page], None]

SMALLEST = {"width": 320, "height": 800}
WIDTHS = (320, 768, 1280)
SHANOK = "both.both-against-unproven.shanok-2024"
STATES = (
    *("responder-relapsed", "item9-not-assessed"),
    *(
        pytest.param(name, marks=pytest.mark.long)
        for name in ("nothing-known", "aneurysm", "no-earlier-tms")
    ),
)


@pytest.fixture
def case(therapist: User) -> Case:
    return make_case(therapist, **vignette("responder-relapsed"))


def path_of(case: Case, *layers: str) -> str:
    return f"/cases/{case.pk}/decision/?{'&'.join(f'open={one}' for one in layers)}"


@pytest.mark.parametrize("state", STATES)
def test_axe_finds_nothing(
    signed_in_page: OpenPage, therapist: User, axe: Check, reflows: Check, state: str
) -> None:
    case = make_case(therapist, **vignette(state))
    page = signed_in_page(therapist)

    page.goto(path_of(case))
    page.evaluate("document.querySelectorAll('details').forEach(one => { one.open = true })")

    axe(page)
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        reflows(page)


def test_axe_finds_nothing_with_a_drawer_open(
    signed_in_page: OpenPage, therapist: User, case: Case, axe: Check, reflows: Check
) -> None:
    page = signed_in_page(therapist, viewport=SMALLEST)

    page.goto(path_of(case, "reasons"))
    page.locator(f"[id='{SHANOK}']").click()
    expect(page.locator("#drawer")).to_be_visible()

    axe(page)
    reflows(page)


def test_the_same_row_is_at_the_same_height(
    signed_in_page: OpenPage, therapist: User, case: Case
) -> None:
    page = signed_in_page(therapist)
    page.goto(path_of(case, "reasons"))

    tops = page.evaluate(
        """() => [...document.querySelectorAll(".k-ledger__option")].map(option =>
            [...option.querySelectorAll(".k-band__cell")].map(
                cell => Math.round(cell.getBoundingClientRect().top)))"""
    )

    assert len(tops) == 3
    assert tops[0] == tops[1] == tops[2]


@pytest.mark.long
def test_options_have_the_same_width_and_stand_in_their_order(
    signed_in_page: OpenPage, therapist: User, case: Case
) -> None:
    page = signed_in_page(therapist)
    page.goto(path_of(case, "reasons"))

    widths = page.evaluate(
        """() => [...document.querySelectorAll(".k-ledger__option")].map(
            option => Math.round(option.getBoundingClientRect().width))"""
    )

    assert max(widths) - min(widths) <= 1
    assert page.locator(".k-way__name").all_inner_texts() == [
        "Ketamine",
        "Repeat TMS",
        "Both at once",
        "None of these now",
    ]


def test_drawer_opens_by_keyboard_and_closing_returns_the_focus(
    signed_in_page: OpenPage, therapist: User, case: Case
) -> None:
    page = signed_in_page(therapist)
    page.goto(path_of(case, "reasons"))
    opener = page.locator(f"[id='{SHANOK}']")

    opener.focus()
    page.keyboard.press("Enter")
    expect(page.locator("#drawer-title")).to_contain_text("Synergistic use of deep TMS")
    expect(opener).to_have_attribute("aria-expanded", "true")
    page.locator("#drawer a", has_text="Close").focus()
    page.keyboard.press("Enter")

    expect(page.locator("#drawer")).to_have_count(0)
    expect(opener).to_be_focused()


@pytest.mark.long
def test_drawer_opens_over_the_whole_width(
    signed_in_page: OpenPage, therapist: User, case: Case
) -> None:
    page = signed_in_page(therapist)
    page.goto(path_of(case, "reasons"))

    page.locator(f"[id='{SHANOK}']").click()
    expect(page.locator("#drawer")).to_be_visible()

    drawer, ledger = page.locator("#drawer").bounding_box(), page.locator("#ledger").bounding_box()
    assert drawer is not None
    assert ledger is not None
    assert abs(drawer["width"] - ledger["width"]) <= 3
    assert abs(drawer["x"] - ledger["x"]) <= 3


def test_drawer_opens_without_script(signed_in_page: OpenPage, therapist: User, case: Case) -> None:
    page = signed_in_page(therapist, java_script_enabled=False)
    page.goto(path_of(case, "reasons"))

    page.locator(f"[id='{SHANOK}']").click()
    expect(page.locator("#drawer-title")).to_contain_text("Synergistic use of deep TMS")
    page.locator("#drawer a", has_text="Close").click()

    expect(page.locator("#drawer")).to_have_count(0)


def test_recording_without_script(
    signed_in_page: OpenPage, therapist: User, case: Case, axe: Check
) -> None:
    page = signed_in_page(therapist, java_script_enabled=False)
    page.goto(path_of(case))

    page.locator("label[for='chosen-repeat_tms']").click()
    page.locator("#reasoning").fill("Responded before; asks for it again.")
    page.get_by_role("button", name="Record the decision").click()

    expect(page.locator("main")).to_contain_text("It is stored whole and is never computed again")
    expect(page.locator("main")).to_contain_text("Responded before; asks for it again.")


def test_nothing_is_chosen_and_errors_lead_to_the_field(
    signed_in_page: OpenPage, therapist: User, case: Case, axe: Check
) -> None:
    page = signed_in_page(therapist)
    page.goto(path_of(case))

    page.get_by_role("button", name="Record the decision").click()

    expect(page.locator(".nhsuk-error-summary")).to_contain_text("Write your own reasoning")
    axe(page)


@pytest.mark.long
def test_paper_keeps_three_columns_and_loses_navigation(
    signed_in_page: OpenPage, therapist: User, case: Case
) -> None:
    page = signed_in_page(therapist)
    page.goto(path_of(case, "reasons"))

    page.emulate_media(media="print")

    columns = page.evaluate(
        """() => new Set([...document.querySelectorAll(".k-ledger__head")].map(
            head => Math.round(head.getBoundingClientRect().left))).size"""
    )
    assert columns == 3
    expect(page.locator(".k-navigation")).to_be_hidden()
    expect(page.get_by_role("button", name="Record the decision")).to_be_hidden()


@pytest.mark.long
def test_forced_colors_keep_every_verdict_shape(
    signed_in_page: OpenPage, therapist: User, case: Case
) -> None:
    page = signed_in_page(therapist, forced_colors="active")
    page.goto(path_of(case))

    stroke = page.locator(".k-verdict .k-marker").first.evaluate(
        "one => getComputedStyle(one).stroke"
    )
    background = page.evaluate("() => getComputedStyle(document.body).backgroundColor")

    assert stroke != background
