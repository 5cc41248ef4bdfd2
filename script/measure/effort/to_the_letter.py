"""From the answer to the signed letter."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

from playwright.sync_api import Locator, expect

from script.measure.effort.patients import Patient
from script.measure.effort.person import Person

LEAVE = re.compile(r"^Leave \d+ to ")
PREVIEW = "#letter-state"
"""Read once, when it says everything."""
LEADS = ("Dr. A. Sample", "555-0100")
"""Who leads when two treatments run together, with a phone number."""
NEXT_LOOK = (f"{datetime.now(UTC) + timedelta(30):%m%d%Y}", "Dr. A. Sample")


def to_the_letter(person: Person, patient: Patient, password: str) -> None:
    """From the page with the answer, which is read first, to the signed letter."""
    person.read()
    _close_the_safety_task(person, patient)
    _record(person, patient)
    _write(person, patient)
    _list_medicines(person, patient)
    _sign(person, password)


def _close_the_safety_task(person: Person, patient: Patient) -> None:
    page = person.page
    task = page.get_by_role("link", name="Record the assessment")
    if not task.count():
        return
    person.think()
    person.click(task)
    page.wait_for_url("**/safety/")
    person.read()
    if not page.locator("#id_assessment:focus").count():
        person.click(page.locator("#id_assessment"))
    for text in (patient.assessment, patient.agreed):
        person.think()
        person.write(text)
        person.press("Tab")
    for name in ("safety_plan", "means_safety"):
        person.think()
        _choose(person, page.locator(f"label[for=id_{name}_0]"))
    _go_on(person, page.get_by_role("button", name="Record and close"))
    page.wait_for_url("**/decision/")
    person.read()


def _choose(person: Person, first: Locator) -> None:
    """The first of some choices that the last Tab has reached: by the space bar, or pressed."""
    if person.by_keys:
        person.press(" ")
        person.press("Tab")
    else:
        person.click(first)


def _go_on(person: Person, button: Locator) -> None:
    """Press the button that the last Tab has reached."""
    if person.by_keys:
        person.press("Enter")
    else:
        person.click(button)


def _record(person: Person, patient: Patient) -> None:
    """Leave what is open to who clears it, decide, and go to the letter."""
    page = person.page
    leave = page.locator("button", has_text=LEAVE)
    if leave.count():
        person.think()
        person.click(leave)
        page.wait_for_url("**/decision/#record")
        person.read()
    person.think()
    person.click(page.locator(f"label[for=chosen-{patient.chosen}]"))
    if person.by_keys:
        person.press("Tab")
    else:
        person.click(page.locator("#reasoning"))
    person.think()
    person.write(patient.reasoning)
    for _ in range(2 if person.by_keys else 0):
        person.press("Tab")
    _go_on(person, page.get_by_role("button", name="Record, and write the letter"))
    page.wait_for_url("**/letters/*-*/")
    person.read(later=PREVIEW)


def _write(person: Person, patient: Patient) -> None:
    """Who is asked, and for what, was read: what is missing is given."""
    page, missing = person.page, person.page.locator("#before-signing")
    likely = page.locator("button[form=recipient-form]")
    if likely.count():
        person.think()
        person.click(likely.first)
        page.wait_for_load_state()
        person.read(later=PREVIEW)
    if patient.chosen == "both":
        _type(person, ("coordinator_name", "coordinator_phone"), LEADS, "Who leads")
    if patient.chosen == "none_now":
        _type(person, ("next_look_on", "next_look_by"), NEXT_LOOK, "next look")
    if missing.get_by_text("The request").count():
        for name in ("request_kind_0", "request_how_soon_1"):
            person.think()
            person.click(page.locator(f"label[for=id_{name}]"))
        _save(person, "Save and check again")
        expect(missing).not_to_contain_text("The request")
    if missing.locator("[name=source]").count():
        person.think()
        person.click(missing.get_by_text("We assessed it ourselves"))
        _save(person, "Save the source")
        expect(missing.locator("[name=source]")).to_have_count(0)
        person.read(later=PREVIEW)


def _save(person: Person, button: str) -> None:
    """Where no script saves each change, press what does."""
    if not person.has_scripts:
        person.click(person.page.get_by_role("button", name=button))
        person.page.wait_for_load_state()


def _type(person: Person, fields: tuple[str, ...], texts: tuple[str, ...], needed: str) -> None:
    """Fields one below the other, saved when the last is left. needed: what was missing."""
    page = person.page
    person.click(page.locator(f"label[for=id_{fields[0]}]"))
    for field, text in zip(fields, texts, strict=True):
        person.think()
        if not page.locator(f"#id_{field}:focus").count():
            person.press("Tab")  # past the calendar of a date
        person.write(text)
        person.press("Tab")
    _save(person, "Save and check again")
    expect(page.locator("#before-signing")).not_to_contain_text(needed)


def _list_medicines(person: Person, patient: Patient) -> None:
    page = person.page
    page.wait_for_load_state("networkidle")
    if not page.locator("#medicines").count():
        return
    if not person.has_scripts:
        person.think()
        person.click(page.locator("#medicines a"))
        page.wait_for_url("**/now/**")
        person.read()
    for medicine in patient.medicines:
        person.think()
        if not page.locator("#id_name:focus").count():
            person.click(page.locator("#id_name"))
        for place, text in enumerate(medicine):
            if place:
                person.press("Tab")
            person.write(text)
        person.press("Enter")
        expect(page.locator("#medicines strong").filter(has_text=medicine[0])).to_be_visible()
        if person.has_scripts:
            expect(page.locator("#id_name")).to_be_focused()
    person.think()
    person.click(page.get_by_role("button", name="No allergies"))
    expect(page.get_by_text("There are none.")).to_be_visible()
    if not person.has_scripts:
        person.click(page.get_by_role("link", name="Back to the letter").last)
        page.wait_for_load_state()
    expect(page.locator("#before-signing")).not_to_contain_text("Nothing on allergies")


def _sign(person: Person, password: str) -> None:
    """Read the whole letter, confirm whom it goes to, and only then sign it."""
    page = person.page
    page.wait_for_load_state("networkidle")  # the preview has what was added last
    person.read()
    for box in page.locator("#before-signing .nhsuk-checkboxes__label").all():
        person.think()
        person.click(box)
    if person.by_keys:
        person.press("Tab")
    else:
        person.click(page.locator("#id_password"))
    person.write(password)
    _go_on(person, page.locator("#sign-button"))
    expect(page.get_by_role("heading", level=1)).to_contain_text("Signed letter", timeout=60_000)
