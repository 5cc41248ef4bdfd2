"""From the answer to the signed letter."""

from __future__ import annotations

from playwright.sync_api import expect

from script.measure.effort.person import Person
from script.measure.effort.vignette import (
    AGREED,
    ASSESSMENT,
    MEDICINES,
    REASONING,
)

PREVIEW = "#letter-state"
"""Read once, when it says everything."""


def to_the_letter(person: Person, password: str) -> None:
    """From the page with the answer, which is read first, to the signed letter."""
    person.read()
    _close_the_safety_task(person)
    _record(person)
    _write(person)
    _list_medicines(person)
    _sign(person, password)


def _close_the_safety_task(person: Person) -> None:
    page = person.page
    person.think()
    person.click(page.get_by_role("link", name="Record the assessment"))
    page.wait_for_url("**/safety/")
    person.read()
    person.click(page.locator("#id_assessment"))
    for text in (ASSESSMENT, AGREED):
        person.think()
        person.write(text)
        person.press("Tab")
    for name in ("safety_plan", "means_safety"):
        person.think()
        person.click(page.locator(f"label[for=id_{name}_0]"))
    person.click(page.get_by_role("button", name="Record and close"))
    page.wait_for_url("**/decision/")
    person.read()


def _record(person: Person) -> None:
    """Leave what is open to who clears it, decide, and go to the letter."""
    page = person.page
    leave = page.get_by_role("button", name="Leave what is open")
    if leave.count():
        person.think()
        person.click(leave)
        page.wait_for_url("**/decision/#record")
        person.read()
    person.think()
    person.click(page.locator("label[for=chosen-ketamine]"))
    person.click(page.locator("#reasoning"))
    person.think()
    person.write(REASONING)
    person.click(page.get_by_role("button", name="Record, and write the letter"))
    page.wait_for_url("**/letters/*-*/")
    expect(page.locator("#id_name")).to_be_visible()
    person.read(later=PREVIEW)


def _write(person: Person) -> None:
    """Where answers on substance use come from. Who is asked, and for what, was read."""
    page = person.page
    person.think()
    person.click(page.locator("#before-signing").get_by_text("We assessed it ourselves"))
    expect(page.locator("#before-signing [name=source]")).to_have_count(0)
    person.read(later=PREVIEW)


def _list_medicines(person: Person) -> None:
    page = person.page
    person.click(page.locator("#id_name"))
    for medicine in MEDICINES:
        person.think()
        for place, text in enumerate(medicine):
            if place:
                person.press("Tab")
            person.write(text)
        person.press("Enter")
        expect(page.locator("#medicines strong").filter(has_text=medicine[0])).to_be_visible()
        expect(page.locator("#id_name")).to_be_focused()
    person.think()
    person.click(page.get_by_role("button", name="No allergies"))
    expect(page.get_by_text("There are none.")).to_be_visible()
    expect(page.locator("#before-signing")).not_to_contain_text("No allergies")


def _sign(person: Person, password: str) -> None:
    """Read the whole letter, confirm whom it goes to, and only then sign it."""
    page = person.page
    page.wait_for_load_state("networkidle")  # the preview has what was added last
    person.read()
    person.think()
    person.click(page.locator("label[for=id_recipient_for_treatment]"))
    person.click(page.locator("#id_password"))
    person.write(password)
    person.click(page.locator("#sign-button"))
    expect(page.get_by_role("heading", level=1)).to_contain_text("Signed letter", timeout=60_000)
