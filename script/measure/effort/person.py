"""Somebody at the page, who is counted: pages, clicks, keys, words and seconds.

Seconds are those of the keystroke-level model. Reading is added for every line that comes onto the
screen, and for closed layers nothing; of a line in which only numbers changed those are read.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field

from playwright.sync_api import Locator, Page, Request

K, P, H, M = 0.2, 1.1, 0.4, 1.35
"""Seconds of one key or press, a move of the pointer, a hand that changes, a thought."""
WORDS_A_MINUTE = 230
SEEN = """part => {
  const unseen = [...document.querySelectorAll(".nhsuk-u-visually-hidden")];
  unseen.forEach(one => { one.style.display = "none"; });
  const text = part.innerText;
  unseen.forEach(one => { one.style.display = ""; });
  return text;
}"""
"""Gives the text of a part of the page without what is kept for screen readers."""
WORD, NUMBER = re.compile(r"[\w’'-]+"), re.compile(r"\d+")


def _without_numbers(line: str) -> str:
    return NUMBER.sub("#", line)


@dataclass
class Person:
    """Somebody at the page, who is counted.

    by_keys: whether answers are picked by their digit. has_scripts: whether JavaScript runs.
    """

    page: Page
    by_keys: bool
    has_scripts: bool = True
    counts: Counter[str] = field(default_factory=Counter)
    seconds: float = 0.0
    hand_on_keys: bool = False
    seen: set[str] = field(default_factory=set)
    pages_read: list[tuple[str, int]] = field(default_factory=list)
    """Where words were read, and how many."""

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

    def follow(self, target: Locator) -> None:
        """Press what loads another page, and wait for it."""
        with self.page.expect_navigation():
            self.click(target)

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
        self.seen = self._lines("body")

    def _lines(self, part: str) -> set[str]:
        """What can be seen: not what is there for screen readers alone."""
        text = self.page.locator(part).evaluate(SEEN)
        return {line.strip() for line in text.splitlines()}

    def read(self, *, later: str = "") -> None:
        """Read what was not on the screen before. later: the part that is read when it is done."""
        lines = self._lines("body") - (self._lines(later) if later else set())
        known = {_without_numbers(line) for line in self.seen}
        words = sum(
            len(NUMBER.findall(line) if _without_numbers(line) in known else WORD.findall(line))
            for line in lines - self.seen
        )
        self.seen |= lines
        self.counts["words"] += words
        self.seconds += 60 * words / WORDS_A_MINUTE
        if words:
            self.pages_read.append((self.page.title(), words))
