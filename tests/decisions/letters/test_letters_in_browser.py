"""Letters in Chromium: the whole way, without JavaScript, by keyboard, narrow, and under axe."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.urls import reverse
from playwright.sync_api import Page, Route, expect

from kapnet.core.people.models import User
from tests.decisions.case_factories import clinic_of
from tests.decisions.letters.stored_letters import (
    make_decision,
    make_draft,
    make_signed,
    say_source,
)
from tests.factories import PASSWORD
from tests.kapnet.core.directory.directory_factories import make_site

Pages = Callable[..., Page]
Check = Callable[[Page], None]
pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def therapist(therapist: User) -> User:
    """A therapist who knows their password."""
    therapist.set_password(PASSWORD)
    therapist.save()
    return therapist


def open_text(page: Page) -> None:
    """What the letter says is changed behind a press, where nothing of it is missing."""
    page.locator("summary", has_text="Change what it says").click()


def write_and_sign(page: Page, case_id: object) -> None:
    page.goto(reverse("letters:compose_list", args=[case_id]))
    page.get_by_role("button", name="Start a letter about decision 1").click()
    page.get_by_label("Assess", exact=True).check()
    page.get_by_label("Organization").fill("Harbor TMS Center")
    page.get_by_label("Treatment: the recipient treats").check()
    page.get_by_role("button", name="Save and check again").click()
    expect(page.locator("#before-signing")).to_contain_text("Nothing is missing")
    page.get_by_label("I have checked the recipient").check()
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign letter").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Signed letter L-")


@pytest.mark.parametrize(
    "java_script", [pytest.param(True, marks=pytest.mark.both_databases), False]
)
def test_letter_is_written_signed_and_downloaded(
    therapist: User, signed_in_page: Pages, java_script: bool
) -> None:
    decision = make_decision(therapist)
    say_source(decision.case, therapist)
    page = signed_in_page(therapist, java_script_enabled=java_script)

    write_and_sign(page, decision.case_id)
    with page.expect_download() as download:
        page.get_by_role("link", name="as PDF").click()

    assert download.value.suggested_filename.startswith("L-")
    assert download.value.path().read_bytes().startswith(b"%PDF")


def test_preview_and_missing_parts_follow_each_change(
    therapist: User, signed_in_page: Pages
) -> None:
    letter = make_draft(therapist, recipient_organization="", recipient_name="")
    page = signed_in_page(therapist)
    page.goto(reverse("letters:letter", args=[letter.case_id, letter.pk]))

    page.get_by_label("Organization").fill("Harbor TMS Center")
    page.get_by_label("Organization").blur()

    expect(page.locator("#letter-state")).to_contain_text("To: Harbor TMS Center")
    expect(page.locator("#letter-saved")).to_contain_text("Saved")
    expect(page.locator("#before-signing")).to_contain_text("Nothing is missing")
    open_text(page)
    page.get_by_label("Your own reasoning").fill("Second change")
    page.get_by_label("Your own reasoning").blur()
    expect(page.locator("#letter-state")).to_contain_text("Second change")

    page.get_by_label("Your own reasoning").fill("Third change, 5\u200b0 mg")
    page.get_by_label("Your own reasoning").blur()

    expect(page.locator("#letter-saved")).to_contain_text("Not saved.")
    expect(page.locator("#letter-saved")).to_contain_text("the first after “Third change, 5”")
    expect(page.get_by_label("Your own reasoning")).to_have_value("Third change, 5\u200b0 mg")
    expect(page.locator("#letter-state")).to_contain_text("Second change")


def test_typed_password_outlives_a_save_in_the_background(
    therapist: User, signed_in_page: Pages
) -> None:
    letter = make_draft(therapist)
    page = signed_in_page(therapist)
    page.goto(reverse("letters:letter", args=[letter.case_id, letter.pk]))
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_label("I have checked the recipient").check()
    page.get_by_role("button", name="Save and check again").click()
    expect(page.locator("#letter-saved")).to_contain_text("Saved")
    expect(page.get_by_label("I have checked the recipient")).to_be_checked()

    open_text(page)
    page.get_by_label("Your own reasoning").fill("Second thoughts")
    page.get_by_label("Your own reasoning").blur()

    expect(page.locator("#letter-state")).to_contain_text("Second thoughts")
    expect(page.get_by_label("Password")).to_have_value(PASSWORD)
    expect(page.get_by_label("I have checked the recipient")).not_to_be_checked()
    page.get_by_label("I have checked the recipient").check()
    page.get_by_role("button", name="Sign letter").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Signed letter L-")
    with clinic_of(therapist):
        letter.refresh_from_db()
    assert "Second thoughts" in str(letter.content)


def test_tick_about_a_recipient_of_the_directory_outlives_what_bears_on_texts_alone(
    therapist: User, staff: User, signed_in_page: Pages
) -> None:
    make_site(staff)
    letter = make_draft(therapist)
    page = signed_in_page(therapist)
    page.goto(reverse("letters:recipient", args=[letter.case_id, letter.pk]))
    page.get_by_label("Dr. D. Beispiel").check()
    page.get_by_role("button", name="Address the letter to them").click()
    page.get_by_label("treats this patient, or is asked to").check()

    open_text(page)
    page.get_by_label("Your own reasoning").fill("Second thoughts")
    page.get_by_label("Your own reasoning").blur()

    expect(page.locator("#letter-state")).to_contain_text("Second thoughts")
    expect(page.get_by_label("treats this patient, or is asked to")).to_be_checked()
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign letter").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Signed letter L-")


def test_signing_waits_for_a_save_under_way(therapist: User, signed_in_page: Pages) -> None:
    letter = make_draft(therapist)
    page = signed_in_page(therapist)
    address = reverse("letters:letter", args=[letter.case_id, letter.pk])
    page.goto(address)
    held: list[Route] = []
    page.route(f"**{address}", lambda route: held.append(route))
    open_text(page)

    page.get_by_label("Your own reasoning").fill("Second thoughts")
    page.get_by_label("Your own reasoning").blur()

    expect(page.get_by_role("button", name="Sign letter")).to_be_disabled()
    held[0].continue_()
    expect(page.get_by_role("button", name="Sign letter")).to_be_enabled()
    expect(page.locator("#letter-state")).to_contain_text("Second thoughts")


def test_back_button_after_signing_is_refused_with_a_face(
    therapist: User, signed_in_page: Pages
) -> None:
    letter = make_draft(therapist)
    page = signed_in_page(therapist, java_script_enabled=False)
    address = reverse("letters:letter", args=[letter.case_id, letter.pk])
    page.goto(address)
    second = page.context.new_page()
    second.goto(address)
    page.get_by_label("I have checked the recipient").check()
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign letter").click()

    open_text(second)
    second.get_by_label("Your own reasoning").fill("Changed after all")
    second.get_by_role("button", name="Save and check again").click()

    expect(second.get_by_role("alert")).to_contain_text("This letter is signed already")


def test_pages_of_a_therapist_are_accessible_and_reflow(
    therapist: User, signed_in_page: Pages, fits: Check
) -> None:
    draft = make_draft(therapist, recipient_organization="", recipient_name="")
    signed = make_signed(therapist)
    page = signed_in_page(therapist)

    for address in (
        reverse("letters:compose_list", args=[draft.case_id]),
        reverse("letters:facts", args=[draft.case_id]),
        reverse("letters:letter", args=[draft.case_id, draft.pk]),
        reverse("letters:letter", args=[signed.case_id, signed.pk]),
    ):
        page.goto(address)
        fits(page)


def test_pages_of_staff_are_accessible_and_reflow(
    therapist: User, staff: User, signed_in_page: Pages, fits: Check
) -> None:
    signed = make_signed(therapist)
    page = signed_in_page(staff)

    for address in (
        reverse("desk:queue"),
        f"{reverse('desk:queue')}?status=done",
        reverse("letters:detail", args=[signed.pk]),
    ):
        page.goto(address)
        fits(page)


def test_letter_is_found_and_opened_by_keyboard(
    therapist: User, staff: User, signed_in_page: Pages
) -> None:
    signed = make_signed(therapist)
    page = signed_in_page(staff)
    page.goto(reverse("desk:queue"))

    page.get_by_label("Name, letter number or recipient").focus()
    page.keyboard.type("maren")
    page.keyboard.press("Enter")
    page.wait_for_url("**search=on")
    page.get_by_role("link", name=signed.number).focus()
    page.keyboard.press("Enter")

    expect(page.get_by_role("heading", level=1)).to_have_text(f"Letter {signed.number}")
