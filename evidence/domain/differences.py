"""What differs between two versions of an entry, field by field, in words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from difflib import SequenceMatcher
from typing import NamedTuple

from evidence.domain.entries import Entry, EvidenceBase, Withdrawal
from evidence.domain.parts import Frozen
from evidence.domain.release_content import name_of
from evidence.domain.terms import EntryKind


class Piece(NamedTuple):
    """Words of a field. how: "same", "removed", "added", or "left_out": words that stayed."""

    how: str
    text: str


Line = tuple[Piece, ...]
"""One line of a field, in pieces."""


class Difference(NamedTuple):
    """One field that differs. before or after is empty where the field said nothing."""

    field: str
    before: str
    after: str


def differences(before: Entry | None, after: Entry | None) -> tuple[Difference, ...]:
    """Every field that differs, in the order of the fields; None stands for no entry."""
    was, now = _texts(before), _texts(after)
    names = [*was, *(name for name in now if name not in was)]
    return tuple(
        Difference(name, was.get(name, ""), now.get(name, ""))
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
    return f"{value.day} {value:%B %Y}" if isinstance(value, date) else str(value)


def _told(value: Frozen) -> Iterator[str]:
    for name in type(value).model_fields:
        if (said := getattr(value, name)) is not None:
            yield f"{name.replace('_', ' ')} {said}"


# Word by word

WORDS_AROUND = 12
"""How many words that stayed are shown on each side of what changed."""


def marked(before: str, after: str) -> tuple[Line, ...]:
    """Both texts as one, line by line: what was removed, what was added, and what is around.

    Of long stretches that stayed only the words next to a change are there.
    """
    was, now = before.splitlines(), after.splitlines()
    lines: list[Line] = []
    for how, start, end, other_start, other_end in _steps(was, now):
        if how == "equal":
            lines += _lines_that_stayed(was[start:end])
        else:
            is_list = max(len(was), len(now)) > 1
            lines += _changed_lines(was[start:end], now[other_start:other_end], is_list=is_list)
    return tuple(lines)


def _steps(before: list[str], after: list[str]) -> Sequence[tuple[str, int, int, int, int]]:
    return SequenceMatcher(None, before, after, autojunk=False).get_opcodes()


def _lines_that_stayed(lines: list[str]) -> Iterator[Line]:
    count = len(" ".join(lines).split())
    if count <= WORDS_AROUND:
        yield from ((Piece("same", one),) for one in lines)
    else:
        yield (Piece("left_out", _counted(count)),)


def _changed_lines(before: list[str], after: list[str], *, is_list: bool) -> Iterator[Line]:
    """Lines side by side, as far as both have one. A line of a list says how it begins."""
    pairs = min(len(before), len(after))
    for was, now in zip(before, after, strict=False):
        yield tuple(_changed_words(was.split(), now.split(), says_its_start=is_list))
    yield from ((Piece("removed", one),) for one in before[pairs:])
    yield from ((Piece("added", one),) for one in after[pairs:])


def _changed_words(before: list[str], after: list[str], *, says_its_start: bool) -> Iterator[Piece]:
    steps = _steps(before, after)
    for place, (how, start, end, other_start, other_end) in enumerate(steps):
        if how == "equal":
            head = 0 if place == 0 and not says_its_start else WORDS_AROUND
            tail = 0 if place == len(steps) - 1 else WORDS_AROUND
            yield from _words_that_stayed(before[start:end], head=head, tail=tail)
            continue
        if start < end:
            yield Piece("removed", " ".join(before[start:end]))
        if other_start < other_end:
            yield Piece("added", " ".join(after[other_start:other_end]))


def _words_that_stayed(words: list[str], *, head: int, tail: int) -> Iterator[Piece]:
    """The words next to a change; how many are left out between."""
    left_out = len(words) - head - tail
    if left_out <= WORDS_AROUND:
        yield Piece("same", " ".join(words))
        return
    if head:
        yield Piece("same", " ".join(words[:head]))
    yield Piece("left_out", _counted(left_out))
    if tail:
        yield Piece("same", " ".join(words[-tail:]))


def _counted(words: int) -> str:
    return f"{words} words as before"


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
    return (Difference("withdrawn", _told_withdrawal(before), _told_withdrawal(after)),)


def _told_withdrawal(withdrawal: Withdrawal | None) -> str:
    if withdrawal is None:
        return ""
    return f"{withdrawal.withdrawn_as.label}, {_text(withdrawal.on)}: {withdrawal.reason}"


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
