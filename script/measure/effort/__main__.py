"""What the ways to the answer and to a signed letter cost a person, counted in Chromium.

Patients in words become patients in presses. A page is a full load, from the list of cases
on; a card that is swapped in is none. Keys leave out signing in. The first patient has limits;
where no script runs, only pages have one.

    python -m script.measure.effort DATABASE_URL
"""

from __future__ import annotations

import os
import sys
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import django
from playwright.sync_api import Browser, sync_playwright

from script.measure.effort.patients import NAMES, OTHERS, REFERRED, Patient
from script.measure.effort.person import Person
from script.measure.effort.to_the_answer import End, to_the_answer
from script.measure.effort.to_the_letter import to_the_letter
from script.measure.server import HOST, environment, gunicorn, prepare

CHROMIUM = "/usr/bin/chromium-headless-shell"

Limits = Mapping[str, float]
ANSWER: Limits = {"pages": 8, "clicks": 25, "keys": 60, "minutes": 3.0}
LETTER: Limits = {"pages": 12, "clicks": 45, "keys": 350, "minutes": 7.0}
PLAIN: Limits = {"pages": 25}
"""The most that a way may cost; PLAIN: to the signed letter without JavaScript."""
NONE: Limits = {}


@dataclass(frozen=True)
class Way:
    """How somebody goes, and how far they answer."""

    by_keys: bool
    end: End
    has_scripts: bool = True

    def __str__(self) -> str:
        """As a line of the report begins."""
        hand = "by keys" if self.by_keys else "by mouse"
        return f"{hand}, {ENDS[self.end]}{'' if self.has_scripts else ', without JavaScript'}"

    def limits(self, patient: Patient, *, signed: bool) -> Limits:
        """What it may cost: the first patient alone has limits. signed: to the signed letter."""
        if patient is not REFERRED or self.end is End.REST:
            return NONE
        if not self.has_scripts:
            return PLAIN if signed else NONE
        return LETTER if signed else ANSWER


ENDS = {
    End.LEADS: "stopped once an option leads",
    End.OFFER: "to where the path offers its answer",
    End.REST: "asked all that decides",
}
WAYS = (
    *(Way(by_keys, end) for by_keys in (True, False) for end in End),
    *(Way(False, end, has_scripts=False) for end in (End.LEADS, End.OFFER)),
)
GONE = (
    *((REFERRED, way) for way in WAYS),
    *((patient, Way(by_keys, End.OFFER)) for patient in OTHERS for by_keys in (True, False)),
)
"""Who goes, and how."""


@dataclass(frozen=True)
class Found:
    """What a way has cost up to one point of it."""

    patient: str
    way: str
    counts: Counter[str]
    minutes: float
    limits: Limits

    @property
    def over(self) -> list[str]:
        """What is over its limit."""
        values = {**self.counts, "minutes": self.minutes}
        return [name for name, limit in self.limits.items() if values[name] > limit]

    def __str__(self) -> str:
        """One line."""
        said = ", ".join(
            f"{self.counts[one]} {one}" for one in ("pages", "clicks", "keys", "words")
        )
        over = f"; over: {', '.join(self.over)}" if self.over else ""
        return f"{self.patient}, {self.way}: {said}, {self.minutes:.1f} minutes{over}"


def measure(base: str) -> Iterator[Found]:
    """Each way of going, with its counts, at a server with the demo clinic."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        for (patient, way), name in zip(GONE, NAMES, strict=True):
            yield from _go(browser, base, way, patient, name)
        browser.close()


def _go(browser: Browser, base: str, way: Way, patient: Patient, name: str) -> Iterator[Found]:
    from kapnet.core.people.demo import DEMO_PASSWORD, DEMO_PEOPLE

    viewport = {"width": 1280, "height": 800}
    context = browser.new_context(viewport=viewport, java_script_enabled=way.has_scripts)
    page = context.new_page()
    page.goto(f"{base}/accounts/login/")
    page.locator("[name=login]").fill(DEMO_PEOPLE[0].email)
    page.locator("[name=password]").fill(DEMO_PASSWORD)
    with page.expect_navigation():
        page.keyboard.press("Enter")
    page.goto(f"{base}/cases/")
    person = Person(page, way.by_keys, way.has_scripts)
    person.know()
    to_the_answer(person, patient, name, end=way.end)
    yield _found(person, patient, f"{way}, to the answer", way.limits(patient, signed=False))
    to_the_letter(person, patient, DEMO_PASSWORD)
    yield _found(person, patient, f"{way}, to a signed letter", way.limits(patient, signed=True))
    context.close()


def _found(person: Person, patient: Patient, way: str, limits: Limits) -> Found:
    return Found(patient.name, way, Counter(person.counts), person.seconds / 60, limits)


def main(database_url: str) -> int:
    """Print a line for each way; 1 when one of them is over its limits."""
    os.environ.update(environment(database_url))
    django.setup()
    prepare(database_url)
    with gunicorn(database_url, workers=1, threads=4) as port:
        found = []
        for one in measure(f"http://{HOST}:{port}"):
            print(one, flush=True)
            found.append(one)
    return 1 if any(one.over for one in found) else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
