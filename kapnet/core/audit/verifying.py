"""Whether the audit log is still what was written: nothing changed, removed, inserted or moved."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any, NamedTuple, Self

from kapnet.core.audit.chain import BEFORE_THE_FIRST, FIELDS, link_hash
from kapnet.core.audit.models import Event, Link

AT_ONCE = 2_000
"""Rows in memory at a time."""


class HeadProblem(ValueError):
    """A noted head that cannot be read."""


class Head(NamedTuple):
    """The end of the chain at some time. Noted outside, it shows later that nothing is gone."""

    sequence: int
    sha256: str

    @classmethod
    def read(cls, text: str) -> Self:
        """From "SEQUENCE:HASH". Raises HeadProblem."""
        sequence, _, sha256 = text.strip().partition(":")
        if not sequence.isdecimal() or len(sha256) != len(BEFORE_THE_FIRST):
            raise HeadProblem(f"{text!r} is no head. Write SEQUENCE:HASH, as audit head prints it.")
        return cls(int(sequence), sha256.lower())

    def __str__(self) -> str:
        return f"{self.sequence}:{self.sha256}"


@dataclass(frozen=True)
class Checked:
    """How far the chain holds, and the first thing that is wrong with it."""

    head: Head
    problem: str = ""


def head_now() -> Head:
    """The end of the chain."""
    last = Link.objects.order_by("-sequence").first()
    return Head(last.sequence, last.sha256) if last else Head(0, BEFORE_THE_FIRST)


def check_chain(noted: Head | None = None) -> Checked:
    """Follow the chain from its beginning to its end, or to the first thing that is wrong.

    noted: a head that was written down earlier, and has to be there still.
    """
    head, end = Head(0, BEFORE_THE_FIRST), head_now()
    if noted and noted.sequence == 0 and noted != head:
        return Checked(head, "The noted head is not the beginning of any chain.")
    for place, *link in _links():
        sha256, problem = _follow(head, place, link)
        if problem:
            return Checked(head, problem)
        head = Head(place, sha256)
        if noted and noted.sequence == place and noted != head:
            return Checked(head, f"Event {place} of the chain is not the one that was noted.")
    if end.sequence > head.sequence:
        return Checked(head, _gone(head))
    if noted and noted.sequence > head.sequence:
        gone = f"The chain ends at {head.sequence}, and {noted.sequence} was noted"
        return Checked(head, f"{gone}: what came after is gone.")
    stray = Event.objects.filter(link=None).order_by("id").values_list("id", flat=True).first()
    if stray is not None:
        return Checked(head, f"Event with id {stray} was inserted past the chain.")
    return Checked(head)


def _gone(head: Head) -> str:
    return f"Event {head.sequence + 1} of the chain is gone."


def _links() -> Iterator[tuple[Any, ...]]:
    """Each link with the values of its event; one without an event is left out."""
    fields = (f"event__{name}" for name in FIELDS)
    rows = Link.objects.order_by("sequence").values_list(
        "sequence", "event_id", "previous_sha256", "sha256", *fields
    )
    return rows.iterator(chunk_size=AT_ONCE)


def _follow(head: Head, place: int, link: list[object]) -> tuple[str, str]:
    """The hash of a link, and what is wrong with it."""
    event_id, previous, sha256, *values = link
    if place != head.sequence + 1:
        return "", _gone(head)
    if previous != head.sha256:
        return "", f"Event {place} of the chain (id {event_id}) does not follow the one before it."
    if link_hash(place, head.sha256, values) != sha256:
        return "", f"Event {place} of the chain (id {event_id}) was changed or moved."
    return str(sha256), ""


# What else has hashes to hold against it

Check = Callable[[], Iterable[str]]
_CHECKS: list[Check] = []


def also_check(check: Check) -> Check:
    """Register a check that `audit verify` makes as well: it gives a sentence for each problem."""
    _CHECKS.append(check)
    return check


def other_problems() -> Iterator[str]:
    """The problems that registered checks find."""
    for check in _CHECKS:
        yield from check()
