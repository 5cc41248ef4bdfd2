"""Whether a chain is still what was written: nothing changed, removed, inserted or moved."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple, Self
from uuid import UUID

from kapnet.core.audit.chain import (
    CLOSED,
    FIELDS,
    INSTALLATION,
    before_the_first,
    chain_of,
    link_hash,
)
from kapnet.core.audit.models import Event, Link, NotedHead
from kapnet.core.people.models import Clinic

AT_ONCE = 2_000
"""Rows in memory at a time."""

CHAIN_CLOSED = "audit.chain_closed"
HASH_LENGTH = 64
CLINIC_AT = FIELDS.index("clinic_id")


class HeadProblem(ValueError):
    """A noted head that cannot be read."""


class Head(NamedTuple):
    """The end of a chain at some time. Noted elsewhere, it shows later that nothing is gone."""

    sequence: int
    sha256: str

    @classmethod
    def read(cls, text: str) -> Self:
        """From "SEQUENCE:HASH". Raises HeadProblem."""
        sequence, _, sha256 = text.strip().partition(":")
        if not sequence.isdecimal() or len(sha256) != HASH_LENGTH:
            raise HeadProblem(f"{text!r} is no head. Write SEQUENCE:HASH, as audit head prints it.")
        return cls(int(sequence), sha256.lower())

    def __str__(self) -> str:
        return f"{self.sequence}:{self.sha256}"


@dataclass(frozen=True)
class Checked:
    """How far a chain holds, and the first thing that is wrong with it."""

    head: Head
    problem: str = ""


def beginning_of(chain: UUID) -> Head:
    """The head of a chain without an event."""
    return Head(0, before_the_first(chain))


def head_of(chain: UUID) -> Head:
    """The end of a chain."""
    last = Link.objects.filter(chain=chain).order_by("-sequence").first()
    return Head(last.sequence, last.sha256) if last else beginning_of(chain)


def start_of(chain: UUID, *, is_whole: bool) -> Head:
    """From where a chain is followed: its newest head that was verified, or its beginning.

    That of the installation always from its beginning: it says what was noted of all others.
    """
    if is_whole or chain == INSTALLATION:
        return beginning_of(chain)
    verified = NotedHead.objects.filter(chain=chain, is_verified=True)
    last = verified.order_by("-pk").first()
    return Head(last.sequence, last.sha256) if last else beginning_of(chain)


def check_chain(chain: UUID, *, is_whole: bool = True) -> Checked:
    """Follow a chain to its end, or to the first thing that is wrong with it."""
    start, end, name = start_of(chain, is_whole=is_whole), head_of(chain), name_of(chain)
    noted = _noted(chain, start)
    head = start
    if start.sequence and not _is_there(chain, start):
        return Checked(beginning_of(chain), _not_there(start, end, name))
    for place, *link in _links(chain, start):
        sha256, problem = _follow(chain, head, place, link)
        if not problem and noted.get(place, sha256) != sha256:
            problem = f"Event {place} of {{}} is not the one that was noted."
        if problem:
            return Checked(head, problem.format(name))
        head = Head(place, sha256)
    if end.sequence > head.sequence:
        return Checked(head, _gone(head).format(name))
    last_noted = max(noted, default=0)
    if last_noted > head.sequence:
        return Checked(head, _not_there(Head(last_noted, ""), head, name))
    return Checked(head, _wrong_end(head) if chain == CLOSED else "")


def name_of(chain: UUID) -> str:
    """A chain in words. A clinic is named, as far as it is there."""
    if chain in (INSTALLATION, CLOSED):
        return "the closed chain" if chain == CLOSED else "the chain of the installation"
    name = Clinic.objects.filter(pk=chain).values_list("name", flat=True).first()
    return f'the chain of clinic "{name}" ({chain})' if name else f"the chain of clinic {chain}"


def _noted(chain: UUID, start: Head) -> Mapping[int, str]:
    """What was noted of a chain from a start on: hashes by place."""
    rows = NotedHead.objects.filter(chain=chain, sequence__gt=start.sequence)
    return dict(rows.order_by("pk").values_list("sequence", "sha256"))


def _is_there(chain: UUID, head: Head) -> bool:
    return Link.objects.filter(chain=chain, sequence=head.sequence, sha256=head.sha256).exists()


def _not_there(noted: Head, end: Head, name: str) -> str:
    if end.sequence >= noted.sequence:
        return f"Event {noted.sequence} of {name} is not the one that was noted."
    ends = f"{name[0].upper()}{name[1:]} ends at {end.sequence}, and {noted.sequence} was noted"
    return f"{ends}: what came after is gone."


def _gone(head: Head) -> str:
    return f"Event {head.sequence + 1} of {{}} is gone."


def _links(chain: UUID, start: Head) -> Iterator[tuple[Any, ...]]:
    """Each link with the values of its event; one without an event is left out."""
    fields = (f"event__{name}" for name in FIELDS)
    links = Link.objects.filter(chain=chain, sequence__gt=start.sequence).order_by("sequence")
    rows = links.values_list("sequence", "event_id", "previous_sha256", "sha256", *fields)
    return rows.iterator(chunk_size=AT_ONCE)


def _follow(chain: UUID, head: Head, place: int, link: list[Any]) -> tuple[str, str]:
    """The hash of a link, and what is wrong with it. {} is for the name of the chain."""
    event_id, previous, sha256, *values = link
    if place != head.sequence + 1:
        return "", _gone(head)
    if previous != head.sha256:
        return "", f"Event {place} of {{}} (id {event_id}) does not follow the one before it."
    if link_hash(place, head.sha256, values) != sha256:
        return "", f"Event {place} of {{}} (id {event_id}) was changed or moved."
    if chain not in (CLOSED, chain_of(values[CLINIC_AT])):
        return "", f"Event {place} of {{}} (id {event_id}) belongs into another chain."
    return str(sha256), ""


def closed_at() -> str:
    """The end of the closed chain, as the first event of the installation says; empty without."""
    first = Link.objects.filter(chain=INSTALLATION, sequence=1, event__action=CHAIN_CLOSED)
    return first.values_list("event__reason", flat=True).first() or ""


def _wrong_end(end: Head) -> str:
    said = closed_at() or str(beginning_of(CLOSED))
    return "" if said == str(end) else f"The closed chain ends at {end}, and was closed at {said}."


def past_the_chains() -> str:
    """The first event that is in no chain; empty where there is none."""
    stray = Event.objects.filter(link=None).order_by("pk").first()
    if stray is None:
        return ""
    return f"Event with id {stray.pk} was inserted past {name_of(chain_of(stray.clinic_id))}."


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
