"""What the short path costs a person: pages, clicks, keys, words and seconds, counted in Chromium.

One patient in words becomes one patient in presses; every press goes through `Person`, which counts
it. Seconds are those of the keystroke-level model: K a key or a press, P a move of the pointer, H a
hand that changes between mouse and keys, M a thought before each answer. Reading is added for every
line that comes onto the screen, and for closed layers nothing; of a line in which only numbers
changed those are read.

    python -m script.measure.effort DATABASE_URL
"""

from __future__ import annotations

import os
import re
import sys
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import django
from playwright.sync_api import Locator, Page, Request, sync_playwright

from script.measure.server import HOST, environment, gunicorn, prepare

CHROMIUM = "/usr/bin/chromium-headless-shell"
K, P, H, M = 0.2, 1.1, 0.4, 1.35
"""Seconds of one operator."""
WORDS_A_MINUTE = 230
SETTLES = 350
"""Milliseconds after which a card takes a press."""

LIMITS = {"pages": 8, "clicks": 25, "keys": 60, "minutes": 3.0}
"""The most that the way to the answer may cost."""

NAME, BORN = "Maren Testcase", ("3", "14", "1982")
ANSWERS: Mapping[str, str | Sequence[str]] = {
    "diagnosis": "Major depressive disorder (unipolar), single or recurrent episode",
    "psychosis": "Never",
    "mania_now": "No",
    "life_threatening": "No",
    "phq9": ("18", "1"),
    "suicide_risk": "Passive thoughts, or wish to be dead",
    "speed_needed": "Within days: work, care of oneself or care of others is failing",
    "antidepressant_trials": ("2",),
    "comorbidities": "None of these",
    "tms_courses": ("1",),
    "tms_now": "No",
    "tms_best_response": "Response (symptoms halved or better)",
    "tms_benefit_months": ("5",),
    "tms_tolerability": "Well",
    "tms_seizure": "No",
    "withdrawal_now": "No",
    "bp_systolic": ("138", "86"),
    "ketamine_history": "Never",
    "medicines": "None of these",
    "preference": "Ketamine",
    "daily_visits": "No",
    "tms_access": "Yes",
    "ketamine_access": "Ketamine infusion in a clinic",
    "escort": "Yes",
    "dissociation_fear": "No",
}
"""44 years, unipolar depression, back 5 months after TMS that helped, two medicines without relief,
PHQ-9 18 with item 9 of 1, 138/86, wants relief within days, 90 minutes from the TMS clinic. What is
not here is not known to the therapist. A number is typed, an answer is pressed."""


WORD, NUMBER = re.compile(r"[\w’'-]+"), re.compile(r"\d+")


def _without_numbers(line: str) -> str:
    return NUMBER.sub("#", line)


@dataclass
class Person:
    """Somebody at the page, who is counted. by_keys: whether answers are picked by their digit."""

    page: Page
    by_keys: bool
    counts: Counter[str] = field(default_factory=Counter)
    seconds: float = 0.0
    hand_on_keys: bool = False
    seen: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        """Count each page that is loaded whole."""
        self.page.on("request", self._note)

    def _note(self, request: Request) -> None:
        is_page = request.is_navigation_request() and request.resource_type == "document"
        if is_page and request.redirected_from is None and request.method in ("GET", "POST"):
            self.counts["pages"] += 1

    def _hand(self, *, on_keys: bool) -> None:
        if self.hand_on_keys is not on_keys:
            self.seconds += H
            self.hand_on_keys = on_keys

    def think(self) -> None:
        """Decide on one answer, or on where to go."""
        self.seconds += M

    def click(self, target: Locator) -> None:
        """Move to something and press it."""
        self._hand(on_keys=False)
        self.seconds += P + K
        self.counts["clicks"] += 1
        target.click()

    def press(self, key: str) -> None:
        """One key."""
        self._hand(on_keys=True)
        self.seconds += K
        self.counts["keys"] += 1
        self.page.keyboard.press(key)

    def write(self, text: str) -> None:
        """Each letter is a key."""
        for letter in text:
            self.press(letter)

    def know(self) -> None:
        """The screen from which the way begins is not read for it."""
        self.seen = {line.strip() for line in self.page.inner_text("body").splitlines()}

    def read(self) -> None:
        """Read what was not on the screen before."""
        lines = {line.strip() for line in self.page.inner_text("body").splitlines()}
        known = {_without_numbers(line) for line in self.seen}
        words = sum(
            len(NUMBER.findall(line) if _without_numbers(line) in known else WORD.findall(line))
            for line in lines - self.seen
        )
        self.seen |= lines
        self.counts["words"] += words
        self.seconds += 60 * words / WORDS_A_MINUTE


def to_the_answer(person: Person, *, stop_when_it_leads: bool) -> None:
    """From the list of cases to the page with the answer.

    stop_when_it_leads: at the first card at which the person may stop and something leads.
    """
    page = person.page
    person.think()
    person.click(page.get_by_role("link", name="Start a new case"))
    page.wait_for_url("**/cases/new/")
    _begin(person)
    while (name := _card(page)) != "leave":
        person.read()
        stop = page.get_by_role("link", name="Stop here: see the answer")
        if stop_when_it_leads and stop.count() and "would lead" in page.inner_text("#so-far"):
            break
        _answer(person, name)
        page.wait_for_function(
            "one => document.getElementById('card').dataset.question !== one", arg=name
        )
    else:
        person.read()
        for leave in ("1", "2"):
            page.wait_for_timeout(SETTLES)
            person.think()
            _pick(person, page.locator(f'#card [data-digit="{leave}"]'))
            page.wait_for_function(
                "n => document.querySelectorAll('[name=take_back]').length === n", arg=int(leave)
            )
        stop = page.get_by_role("link", name="See the answer")
    person.think()
    person.click(stop)
    page.wait_for_url("**/decision/")


def _begin(person: Person) -> None:
    page = person.page
    person.read()
    person.think()
    person.click(page.locator("#id_patient_name"))
    person.write(NAME)
    for part in BORN:
        person.press("Tab")
        person.write(part)
    person.press("Enter")
    page.wait_for_load_state()
    if page.url.endswith("/cases/new/"):  # an earlier run of this script: another patient
        page.locator("[name=another_patient]").check()
        page.keyboard.press("Enter")
    page.wait_for_url("**/path/")


def _card(page: Page) -> str:
    page.wait_for_timeout(SETTLES)
    return page.locator("#card").get_attribute("data-question") or ""


def _answer(person: Person, name: str) -> None:
    """Type a number where it has one, and press an answer where it has one."""
    person.think()
    given, card = ANSWERS.get(name, "Not known to me"), person.page.locator("#card")
    if isinstance(given, str):
        label = card.locator(".k-row").filter(
            has_text=re.compile(rf"^\W*\d*\s*{re.escape(given)}\s*$")
        )
        _pick(person, label)
        if not label.count() or label.locator("input").count() == 0 or given == "None of these":
            return
        person.press("Enter") if person.by_keys else person.click(
            card.get_by_role("button", name="Next")
        )
        return
    for n, text in enumerate(given):
        if n:
            person.press("Tab")
        person.write(text)
    person.press("Enter")


def _pick(person: Person, row: Locator) -> None:
    keyed = row if row.get_attribute("data-digit") else row.locator("[data-digit]")
    digit = keyed.first.get_attribute("data-digit") if keyed.count() else None
    if person.by_keys and digit:
        person.press(digit)
    else:
        person.click(row)


def measure(base: str) -> list[tuple[str, Counter[str], float]]:
    """Each way of going, with its counts and seconds, at a server with the demo clinic."""
    found = []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        for by_keys in (True, False):
            for early in (False, True):
                page = browser.new_context(viewport={"width": 1280, "height": 800}).new_page()
                _sign_in(page, base)
                person = Person(page, by_keys)
                page.goto(f"{base}/cases/")
                person.know()
                to_the_answer(person, stop_when_it_leads=early)
                how = "by keys" if by_keys else "by mouse"
                end = "stopped once an option leads" if early else "to its own end"
                found.append((f"{how}, {end}", person.counts, person.seconds))
                page.context.close()
        browser.close()
    return found


def _sign_in(page: Page, base: str) -> None:
    from kapnet.core.people.demo import DEMO_PASSWORD, DEMO_PEOPLE

    page.goto(f"{base}/accounts/login/")
    page.locator("[name=login]").fill(DEMO_PEOPLE[0].email)
    page.locator("[name=password]").fill(DEMO_PASSWORD)
    with page.expect_navigation():
        page.keyboard.press("Enter")


def main(database_url: str) -> int:
    """Print a line for each way; 1 when none of them keeps within the limits."""
    os.environ.update(environment(database_url))
    django.setup()
    prepare(database_url)
    with gunicorn(database_url, workers=1, threads=4) as port:
        found = measure(f"http://{HOST}:{port}")
    return report(found)


def report(found: list[tuple[str, Counter[str], float]]) -> int:
    """Print the counts; 1 when no way keeps within the limits."""
    kept = []
    for how, counts, seconds in found:
        values = {**counts, "minutes": seconds / 60}
        kept.append(all(values[name] <= limit for name, limit in LIMITS.items()))
        said = ", ".join(f"{counts[name]} {name}" for name in ("pages", "clicks", "keys", "words"))
        print(f"{how}: {said}, {seconds / 60:.1f} minutes")
    return 0 if any(kept) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
