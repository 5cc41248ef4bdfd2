"""From the list of cases over the cards to the answer."""

from __future__ import annotations

import re
from enum import Enum, auto

from playwright.sync_api import Locator, Page, expect

from script.measure.effort.patients import NOT_KNOWN, Patient
from script.measure.effort.person import Person

SETTLES = 350
"""Milliseconds after which a card takes a press."""
START = re.compile("Start (a new|the first) case")
STOP = "Stop: see the answer"
MORE = re.compile("^Answer (it|them)$")
LAST = "leave"
"""What the last card is called."""
ALONE = "None of these"
"""An answer that goes on by itself, where scripts run."""


class End(Enum):
    """Where a person ends: once they may stop and something leads, where the path offers its
    answer, or after the rest of what decides."""

    LEADS = auto()
    OFFER = auto()
    REST = auto()


def to_the_answer(person: Person, patient: Patient, name: str, *, end: End) -> None:
    """From the list of cases to the page with the answer. name: as the case is called."""
    page = person.page
    person.think()
    person.click(page.get_by_role("link", name=START))
    page.wait_for_url("**/cases/new/")
    _begin(person, patient, name)
    go = _by_cards if person.has_scripts else _by_pages
    if go(person, patient, stops=end is End.LEADS):
        person.think()
        person.click(page.get_by_role("link", name=STOP))
    else:
        if end is End.REST and page.get_by_role("link", name=MORE).count():
            person.read()
            person.click(page.get_by_role("link", name=MORE))
            page.wait_for_url("**ask=rest")
            go(person, patient, stops=False)
        _leave_the_rest(person, patient)
    page.wait_for_url("**/decision/")


def _by_cards(person: Person, patient: Patient, *, stops: bool) -> bool:
    """Card by card; whether the person stopped before the last one."""
    while (name := _card(person.page)) != LAST:
        person.read()
        if stops and _leads(person.page):
            return True
        _answer(person, patient, name)
        expect(person.page.locator("#card")).not_to_have_attribute("data-question", name)
    return False


def _by_pages(person: Person, patient: Patient, *, stops: bool) -> bool:
    """Several questions a page; whether the person stopped before the last one."""
    page = person.page
    while not page.locator("#card").count():
        person.read()
        if stops and _leads(page):
            return True
        for question in page.locator(".k-question").all():
            _answer_one_of_several(person, patient, question)
        person.follow(page.get_by_role("button", name="Save and go on"))
    return False


def _leave_the_rest(person: Person, patient: Patient) -> None:
    """Answer what is known although others clear it, then leave the rest to them."""
    for question in patient.knows:
        person.read()
        link = person.page.locator(f'.k-group__open a[href$="/{question}/"]')
        person.click(person.page.locator("details").filter(has=link).locator("summary"))
        person.read()
        person.click(link)
        _by_cards(person, patient, stops=False)
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
    if card.locator(".k-choice").count():
        _answer_together(person, patient, card)
        return
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


def _answer_together(person: Person, patient: Patient, card: Locator) -> None:
    """Say no to all at once; where one is no "no", pick that one first."""
    names = (card.get_attribute("data-together") or "").split()
    others = [one for one in names if patient.given(one) != "No"]
    for one in others:
        person.think()
        given = str(patient.given(one))
        label = "Not known" if given == NOT_KNOWN else given
        group = card.locator(f"[aria-labelledby={one}-ask]")
        person.click(group.get_by_text(label, exact=True))
    if len(others) < len(names):
        _pick(person, card.locator("button[name=rest_no]"))
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
