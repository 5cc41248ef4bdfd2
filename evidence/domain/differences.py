"""What differs between two versions of an entry, field by field, in words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from difflib import SequenceMatcher
from typing import NamedTuple

from evidence.domain.composing import name_of
from evidence.domain.entries import Entry, EvidenceBase, Withdrawal
from evidence.domain.parts import Frozen
from evidence.domain.terms import EntryKind


class Piece(NamedTuple):
    """Words of a field. how: "same", "removed" or "added"."""

    how: str
    text: str


class Difference(NamedTuple):
    """One field that differs. before or after is empty where the field said nothing."""

    field: str
    before: str
    after: str
    pieces: tuple[Piece, ...]


def differences(before: Entry | None, after: Entry | None) -> tuple[Difference, ...]:
    """Every field that differs, in the order of the fields; None stands for no entry."""
    was, now = _texts(before), _texts(after)
    names = [*was, *(name for name in now if name not in was)]
    return tuple(
        Difference(name, was.get(name, ""), now.get(name, ""), _pieces(was, now, name))
        for name in names
        if was.get(name, "") != now.get(name, "")
    )


def _texts(entry: Entry | None) -> Mapping[str, str]:
    if entry is None:
        return {}
    return {
        name.replace("_", " "): _text(getattr(entry, name)) for name in type(entry).model_fields
    }


def _text(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, tuple):
        return "\n".join(_text(one) for one in value)
    if isinstance(value, Frozen):
        return ", ".join(_told(value))
    return str(value)


def _told(value: Frozen) -> Iterator[str]:
    for name in type(value).model_fields:
        if (said := getattr(value, name)) is not None:
            yield f"{name.replace('_', ' ')} {said}"


def _pieces(was: Mapping[str, str], now: Mapping[str, str], name: str) -> tuple[Piece, ...]:
    before, after = was.get(name, "").split(), now.get(name, "").split()
    return tuple(_changed_words(before, after))


def _changed_words(before: list[str], after: list[str]) -> Iterator[Piece]:
    matcher = SequenceMatcher(None, before, after, autojunk=False)
    for how, start, end, other_start, other_end in matcher.get_opcodes():
        if how == "equal":
            yield Piece("same", " ".join(before[start:end]))
            continue
        if start < end:
            yield Piece("removed", " ".join(before[start:end]))
        if other_start < other_end:
            yield Piece("added", " ".join(after[other_start:other_end]))


def entry_differences(
    before: EvidenceBase | None, after: EvidenceBase, kind: EntryKind, key: str
) -> tuple[Difference, ...]:
    """What differs of one entry between two releases, its withdrawal included."""
    was = before.entry(kind, key) if before else None
    withdrawn_before = before.withdrawal(kind, key) if before else None
    return (
        *differences(was, after.entry(kind, key)),
        *withdrawal_differences(withdrawn_before, after.withdrawal(kind, key)),
    )


def withdrawal_differences(
    before: Withdrawal | None, after: Withdrawal | None
) -> tuple[Difference, ...]:
    """Whether an entry was withdrawn, or its withdrawal taken back."""
    if before == after:
        return ()
    was, now = _told_withdrawal(before), _told_withdrawal(after)
    pieces = (*([Piece("removed", was)] if was else []), *([Piece("added", now)] if now else []))
    return (Difference("withdrawn", was, now, pieces),)


def _told_withdrawal(withdrawal: Withdrawal | None) -> str:
    if withdrawal is None:
        return ""
    return f"{withdrawal.withdrawn_as}, {withdrawal.on}: {withdrawal.reason}"


class ChangedEntry(NamedTuple):
    """An entry that differs between two releases. how: "added", "changed" or "gone"."""

    kind: EntryKind
    key: str
    how: str
    differences: tuple[Difference, ...]


def changed_entries(before: EvidenceBase, after: EvidenceBase) -> Iterator[ChangedEntry]:
    """Every entry that differs between two releases, in their order."""
    for kind in EntryKind:
        now = {name_of(one): one for one in after.entries(kind)}
        was = {name_of(one): one for one in before.entries(kind)}
        for key in (*now, *(key for key in was if key not in now)):
            how = "added" if key not in was else "changed" if key in now else "gone"
            same = was.get(key) == now.get(key)
            if same and before.withdrawal(kind, key) == after.withdrawal(kind, key):
                continue
            yield ChangedEntry(kind, key, how, entry_differences(before, after, kind, key))
