"""The same document again costs nothing; what is kept is little, and forgotten soon."""

from __future__ import annotations

import time

import pytest

from decisions.pdf.drawn import KEPT_FOR, MOST_BYTES, Drawn
from decisions.pdf.jobs import Job


class Press:
    """Draws nothing, and counts how often it was asked; a clock that a test sets."""

    def __init__(self, size: int = 10) -> None:
        self.size, self.asked, self.now = size, 0, 0.0
        self.drawn = Drawn(clock=lambda: self.now)

    def draw(self, job: Job) -> bytes:
        self.asked += 1
        return job.html.encode().ljust(self.size, b".")

    def of(self, html: str, style: str = "", identifier: bytes = bytes(16)) -> bytes:
        return self.drawn.of(Job(html, style, identifier), self.draw)


def test_the_same_job_is_drawn_once_until_its_time_is_over() -> None:
    press = Press()

    first = press.of("a")
    press.now = KEPT_FOR - 1
    assert (press.of("a"), press.asked) == (first, 1)
    press.now = KEPT_FOR
    assert (press.of("a"), press.asked) == (first, 2)


def test_any_other_job_is_drawn() -> None:
    press = Press()

    press.of("a")
    press.of("b")
    press.of("a", style="b")
    press.of("a", identifier=b"1" * 16)

    assert press.asked == 4


def test_only_the_newest_are_kept_and_never_more_than_the_limit() -> None:
    press = Press(size=MOST_BYTES // 2)

    for html in ("a", "b", "c", "b", "c", "a"):
        press.of(html)

    assert press.asked == 4


def test_a_document_beyond_the_limit_is_given_out_and_not_kept() -> None:
    press = Press(size=MOST_BYTES + 1)

    assert press.of("a") == press.of("a")
    assert press.asked == 2


def test_what_could_not_be_drawn_is_tried_again() -> None:
    press = Press()

    def fail(job: Job) -> bytes:
        raise ValueError("no press")

    with pytest.raises(ValueError, match="no press"):
        press.drawn.of(Job("a", "", bytes(16)), fail)

    assert press.of("a")


def test_a_document_is_forgotten_where_nobody_asks_for_one_any_more() -> None:
    drawn = Drawn(kept_for=0.05)
    drawn.of(Job("a", "", bytes(16)), lambda job: b"%PDF")

    until = time.monotonic() + 5
    while drawn._kept and time.monotonic() < until:
        time.sleep(0.01)

    assert not drawn._kept
