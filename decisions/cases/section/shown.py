"""Parts of a question as its template needs them."""

from __future__ import annotations

from dataclasses import dataclass

from kapnet.core.people.models import User


@dataclass(frozen=True)
class Control:
    """One radio button or checkbox."""

    id: str
    value: str
    label: str
    is_checked: bool


@dataclass(frozen=True)
class ItemRow:
    """One item of an instrument with its cells."""

    n: int
    text: str
    is_safety_item: bool
    cells: tuple[Control, ...]


@dataclass(frozen=True)
class Conflict:
    """Two answers to one question: mine as typed, theirs as stored."""

    mine: str
    theirs: str
    who: User
    when: str
    version: int
