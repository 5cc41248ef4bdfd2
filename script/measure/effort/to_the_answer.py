"""From the list of cases over the cards to the answer."""

from __future__ import annotations

import re

from playwright.sync_api import Locator, Page, expect

from script.measure.effort.patients import NOT_KNOWN, Patient
from script.measure.effort.person import Person

SETTLES = 350
"""Milliseconds after which a card takes a press."""
START = re.compile("Start (a new|the first) case")
STOP = "Stop: see the answer"
LAST = "leave"
"""What the last card is called."""
ALONE = "None of these"
"""An answer that goes on by itself, where scripts run."""


def to_the_answer(person: Person, patient: Patient, name: str, *, stop_when_it_leads: bool) -> None:
    """From the list of cases to the page with the answer.

    name: as the case is called. stop_when_it_leads: as soon as the person may stop and something
    leads.
    """
    page = person.page
    person.think()
    person.click(page.get_by_role("link", name=START))
    page.wait_for_url("**/cases/new/")
    _begin(person, patient, name)
    go = _by_cards if person.has_scripts else _by_pages
    if not go(person, patient, stop_when_it_leads=stop_when_it_leads):
        _leave_the_rest(person)
    else:
        person.think()
        person.click(page.get_by_role("link", name=STOP))
    page.wait_for_url("**/decision/")


def _by_cards(person: Person, patient: Patient, *, stop_when_it_leads: bool) -> bool:
    """Card by card; whether the person stopped before the last one."""
    while (name := _card(person.page)) != LAST:
        person.read()
        if stop_when_it_leads and _leads(person.page):
            return True
        _answer(person, patient, name)
        expect(person.page.locator("#card")).not_to_have_attribute("data-question", name)
    return False


def _by_pages(person: Person, patient: Patient, *, stop_when_it_leads: bool) -> bool:
    """Several questions a page; whether the person stopped before the last one."""
    page = person.page
    while not page.locator("#card").count():
        person.read()
        if stop_when_it_leads and _leads(page):
            return True
        for question in page.locator(".k-question").all():
            _answer_one_of_several(person, patient, question)
        person.click(page.get_by_role("button", name="Save and go on"))
        page.wait_for_load_state()
    return False


def _leave_the_rest(person: Person) -> None:
    person.read()
    person.page.wait_for_timeout(SETTLES)
    person.think()
    _pick(person, person.page.locator('#card button[form="leave-all"]'))


def _leads(page: Page) -> bool:
    """Whether the person may stop and something would lead."""
    may_stop = page.get_by_role("link", name=STOP).count() > 0
    return may_stop and "would lead" in page.inner_text("#so-far")


def _begin(person: Person, patient: Patient, name: str) -> None:
    page = person.page
    person.read()
    person.think()
    person.write(name)
    for part in patient.born:
        person.press("Tab")
        person.write(part)
    person.press("Enter")
    page.wait_for_url("**/path/" if person.has_scripts else "**/several/")


def _card(page: Page) -> str:
    page.wait_for_timeout(SETTLES)
    return page.locator("#card").get_attribute("data-question") or ""


def _answer(person: Person, patient: Patient, name: str) -> None:
    """Type a number where it has one, and press an answer where it has one."""
    person.think()
    given, card = patient.given(name), person.page.locator("#card")
    if not isinstance(given, str):
        for n, text in enumerate(given):
            if n:
                person.press("Tab")
            elif not person.has_scripts:
                person.click(card.locator("input:not([type=hidden])").first)
            person.write(text)
        person.press("Enter")
        return
    said = re.compile(rf"^\W*(?:\d\s*)?{re.escape(given)}\s*$")
    row = card.locator(".k-row").filter(has_text=said)
    _pick(person, row)
    if row.count() and row.locator("input").count() and not (person.has_scripts and given == ALONE):
        if person.by_keys:
            person.press("Enter")
        else:
            person.click(card.get_by_role("button", name="Next"))


def _pick(person: Person, row: Locator) -> None:
    keyed = row if row.get_attribute("data-digit") else row.locator("[data-digit]")
    digit = keyed.first.get_attribute("data-digit") if keyed.count() else None
    if person.by_keys and digit:
        person.press(digit)
    else:
        person.click(row)


def _answer_one_of_several(person: Person, patient: Patient, question: Locator) -> None:
    """Press an answer, or type a number into each of its fields."""
    person.think()
    name = question.get_attribute("id") or ""
    given = patient.typed(name)
    if isinstance(given, str):
        given = "Not known" if given == NOT_KNOWN else given
        said = re.compile(rf"^\s*{re.escape(given)}\s*$")
        person.click(question.locator("label").filter(has_text=said))
        return
    for field, text in zip(question.locator("input[type=text]").all(), given, strict=True):
        person.click(field)
        person.write(text)
