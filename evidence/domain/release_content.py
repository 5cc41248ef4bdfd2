"""What a release would hold: the working copy, but for what is still held back."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TypeVar

from evidence.domain.entries import Entry, EvidenceBase
from evidence.domain.terms import EntryKind

Name = tuple[EntryKind, str]
"""Kind and key (or id) of an entry."""

One = TypeVar("One", bound=Entry)


def compose(
    working: EvidenceBase, published: EvidenceBase | None, held_back: frozenset[Name]
) -> EvidenceBase:
    """The working copy, in which every entry that is held back is as it was published last.

    An entry that was never published and is held back is left out. Raises
    pydantic.ValidationError where an entry then speaks of one that is left out.
    """
    withdrawals = [one for one in working.withdrawals if (one.entry, one.key) not in held_back]
    if published:
        withdrawals += [one for one in published.withdrawals if (one.entry, one.key) in held_back]
    retracted = {key for key in working.retracted if (EntryKind.SOURCE, key) not in held_back}
    if published:
        retracted |= {key for key in published.retracted if (EntryKind.SOURCE, key) in held_back}
    return EvidenceBase(
        release=working.release,
        sources=_entries(EntryKind.SOURCE, working.sources, published, held_back),
        positions=_entries(EntryKind.POSITION, working.positions, published, held_back),
        cautions=_entries(EntryKind.CAUTION, working.cautions, published, held_back),
        claims=_entries(EntryKind.CLAIM, working.claims, published, held_back),
        retracted=frozenset(retracted),
        withdrawals=tuple(sorted(withdrawals, key=lambda one: (one.entry, one.key))),
    )


def _entries(
    kind: EntryKind,
    working: tuple[One, ...],
    published: EvidenceBase | None,
    held_back: frozenset[Name],
) -> tuple[One, ...]:
    return tuple(_shown(kind, working, published, held_back))


def _shown(
    kind: EntryKind,
    working: tuple[One, ...],
    published: EvidenceBase | None,
    held_back: frozenset[Name],
) -> Iterator[One]:
    for entry in working:
        if (kind, name_of(entry)) not in held_back:
            yield entry
        elif published and (before := published.entry(kind, name_of(entry))):
            yield before  # type: ignore[misc]


def name_of(entry: Entry) -> str:
    """The key of a source or caution, the id of a position or claim."""
    return entry.id if hasattr(entry, "id") else entry.key
