"""Replay: what stored cases would be told under another edition or other evidence.

Pure: cases and two sides go in, differences come out. Nothing is stored and nothing guessed:
a case whose answers one of the sides cannot read is counted and not compared.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from decisions.replay.cases import StoredCase
from decisions.replay.collected import Collected
from decisions.replay.differences import Differences
from decisions.replay.readings import Readings
from decisions.replay.responsible_rules import Seen, Side, Sides
from decisions.rules.engine.matching import hits_in
from decisions.rules.engine.verdicts import PREFERENCE
from decisions.rules.questionnaire.answers import AnswersRefused, Problem

Read = Seen | tuple[Problem, ...]
"""What the rules of a side see of some answers, or all that is wrong with them."""


class Refused(NamedTuple):
    """A case that a side cannot read, and all that is wrong with its answers on each side."""

    case: StoredCase
    before: tuple[Problem, ...]
    after: tuple[Problem, ...]


class Both(NamedTuple):
    """A case that both sides can read, and what their rules see of it."""

    case: StoredCase
    before: Seen
    after: Seen


def replay(cases: Iterable[StoredCase], before: Side, after: Side) -> Differences:
    """Every verdict, bar, lead and act-first notice that differs between two sides.

    cases: read once. What is kept of them are the ids of those that differ.
    """
    sides = Sides(before, after)
    collected = Collected(sides)
    for one in read_by_both(cases, sides):
        collect(one, sides, collected)
    return collected.differences()


def collect(one: Both | Refused, sides: Sides, collected: Collected) -> None:
    """Adds a case, with what differs in it."""
    if isinstance(one, Refused):
        collected.add_refused(one.case.name, one.before, one.after)
        return
    recorded = one.case.recorded
    otherwise = recorded is not None and recorded != sides.said_before(one.before)
    collected.add_compared(one.case.name, recorded_otherwise=otherwise)
    if explained := sides.explain(one.before, one.after):
        collected.add_changed(one.case.name, explained)


def read_by_both(cases: Iterable[StoredCase], sides: Sides) -> Iterator[Both | Refused]:
    """Each case as the rules of both sides see it."""
    read: tuple[Mapping[str, object], Read, Read] | None = None
    for case in cases:
        # A decision mostly has the answers that its case has still: they are read once. (Equal
        # values of two types, 1 and true, are not both stored: forms refuse the second.)
        if read is None or read[0] != case.answers:
            read = (case.answers, *_read_by_both(case.answers, sides))
        _, before, after = read
        if isinstance(before, Seen) and isinstance(after, Seen):
            yield Both(case, before, after)
        else:
            yield Refused(case, _problems(before), _problems(after))


def _read_by_both(answers: Mapping[str, object], sides: Sides) -> tuple[Read, Read]:
    before = seen_of(sides.before, sides.readings_before, answers)
    # Evidence says what a rule weighs, never whether it is true.
    if sides.have_one_edition:
        return before, before
    return before, seen_of(sides.after, sides.readings_after, answers)


def seen_of(side: Side, readings: Readings, answers: Mapping[str, object]) -> Read:
    """What the rules of a side see of these answers, or all that is wrong with them."""
    try:
        facts = readings.of(answers).facts
    except AnswersRefused as refused:
        return refused.problems
    hits = hits_in(side.edition, side.evidence, facts)
    return Seen(tuple([(place, truth) for place, _, truth in hits]), facts[PREFERENCE])


def _problems(read: Read) -> tuple[Problem, ...]:
    return () if isinstance(read, Seen) else read
