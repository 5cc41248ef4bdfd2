"""What is left to do about the evidence, as a list: nothing open is out of sight.

Each line is worked out from the entries themselves, so that it goes when its cause does. Other
parts add lines of their own by `hook_points.TO_DO`: checks for retractions, rules without support.
"""

from __future__ import annotations

import calendar
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date
from enum import StrEnum

from evidence.domain.entries import EvidenceBase, Position, Source
from evidence.domain.parts import Frozen, Text
from evidence.domain.plausibility import oddities_of_source
from evidence.domain.terms import STUDIES, EntryKind, Verified
from evidence.ending import say_to_do
from kapnet.core.web.days import say_day

REVIEW_AFTER_MONTHS = 12
"""When a source is due that has no review date of its own, in months since it was taken up."""


class ToDoKind(StrEnum):
    """Why something is left to do, in the order in which the list shows it."""

    RULE_WITHOUT_SUPPORT = "rule_without_support"
    RETRACTION_CHECK = "retraction_check"
    ENDING = "ending"
    GUIDE = "guide"
    SHEET = "sheet"
    ODD_NUMBER = "odd_number"
    DOUBT = "doubt"
    UNVERIFIED = "unverified"
    UNGRADED = "ungraded"
    OVERDUE = "overdue"


class ToDo(Frozen):
    """One thing to do. `entry_kind` and `key` name its entry; both None where it has none."""

    kind: ToDoKind
    entry_kind: EntryKind | None = None
    key: str | None = None
    label: Text
    sentence: Text


Check = Callable[[EvidenceBase], Iterable[ToDo]]


def todo(
    evidence: EvidenceBase,
    *,
    today: date,
    taken_up: Mapping[str, date] | None = None,
    checks: Iterable[Check] = (),
) -> tuple[ToDo, ...]:
    """Everything left to do, by kind, then by entry. Withdrawn entries have none.

    taken_up: the day since which a source has been here, by key; a source without one is due only
    by its own review date.
    """
    found = [
        *(one for check in checks for one in check(evidence)),
        *(one for source in _counting(evidence) for one in _of_source(source)),
        *_unverified_others(evidence),
        *_ending(evidence, today=today),
        *_overdue(evidence, today=today, taken_up=taken_up or {}),
    ]
    order = list(ToDoKind)
    return tuple(sorted(found, key=lambda one: order.index(one.kind)))


def _counting(evidence: EvidenceBase) -> Iterator[Source]:
    return (one for one in evidence.sources if not evidence.is_retracted(one.key))


def _of_source(source: Source) -> Iterator[ToDo]:
    for oddity in oddities_of_source(source):
        yield _about(source, ToDoKind.ODD_NUMBER, f"{oddity.place}: {oddity.sentence}.")
    for doubt in source.doubts:
        yield _about(source, ToDoKind.DOUBT, doubt)
    if source.verified is Verified.UNVERIFIED:
        yield _about(source, ToDoKind.UNVERIFIED, "Nobody has read a copy of it.")
    if source.certainty is None:
        yield _about(source, ToDoKind.UNGRADED, _why_ungraded(source))


def _why_ungraded(source: Source) -> str:
    if source.kind in STUDIES:
        return "No certainty is given: until it is graded it supports a rule weakly at most."
    reason = f"{source.certainty_why} " if source.certainty_why else ""
    return f"No certainty is given. {reason}Confirm that there is nothing to grade."


def _about(source: Source, kind: ToDoKind, sentence: str) -> ToDo:
    return ToDo(
        kind=kind,
        entry_kind=EntryKind.SOURCE,
        key=source.key,
        label=source.label,
        sentence=sentence,
    )


def _unverified_others(evidence: EvidenceBase) -> Iterator[ToDo]:
    """Positions and cautions that nobody has read either; those of a withdrawn entry rest."""
    unread = [
        *((EntryKind.POSITION, one.id, one.organisation, one.verified) for one in _held(evidence)),
        *((EntryKind.CAUTION, one.key, one.condition, one.verified) for one in evidence.cautions),
    ]
    for entry_kind, key, label, verified in unread:
        if verified is Verified.UNVERIFIED and evidence.withdrawal(entry_kind, key) is None:
            yield ToDo(
                kind=ToDoKind.UNVERIFIED,
                entry_kind=entry_kind,
                key=key,
                label=label,
                sentence=f"Nobody has read a copy of what this {entry_kind.value} says.",
            )


def _held(evidence: EvidenceBase) -> list[Position]:
    return [one for one in evidence.positions if not evidence.is_position_withdrawn(one.id)]


def _ending(evidence: EvidenceBase, *, today: date) -> Iterator[ToDo]:
    """Entries that end soon or have ended."""
    dated = [
        *((EntryKind.SOURCE, one.key, one.label, one.valid_until) for one in _counting(evidence)),
        *(
            (EntryKind.CAUTION, one.key, one.condition, one.valid_until)
            for one in evidence.cautions
            if evidence.withdrawal(EntryKind.CAUTION, one.key) is None
        ),
    ]
    for entry_kind, key, label, valid_until in dated:
        if sentence := say_to_do(valid_until, today=today):
            yield ToDo(
                kind=ToDoKind.ENDING,
                entry_kind=entry_kind,
                key=key,
                label=label,
                sentence=sentence,
            )


# Reviews


def review_due(source: Source, *, taken_up: date | None) -> date | None:
    """The day by which a source is to be looked at again; None where nothing sets one."""
    if source.review_by is not None:
        return source.review_by
    return months_after(taken_up, REVIEW_AFTER_MONTHS) if taken_up else None


def months_after(day: date, months: int) -> date:
    """The same day some months on; the last day of the month where it has no such day."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    last = calendar.monthrange(year, month + 1)[1]
    return date(year, month + 1, min(day.day, last))


def _overdue(
    evidence: EvidenceBase, *, today: date, taken_up: Mapping[str, date]
) -> Iterator[ToDo]:
    for source in _counting(evidence):
        due = review_due(source, taken_up=taken_up.get(source.key))
        if due is not None and due < today:
            yield _about(source, ToDoKind.OVERDUE, f"Was due for review on {say_day(due)}.")
