"""Replay: what stored cases would be told under another edition or other evidence.

Pure: cases and two sides go in, differences come out. Nothing is stored and nothing guessed:
a case whose answers one of the sides cannot read is counted and not compared.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice

import numpy as np
from numpy.typing import NDArray

from decisions.replay.cases import BATCH, Recorded, StoredCase
from decisions.replay.collected import Collected
from decisions.replay.differences import Differences
from decisions.replay.responsible_rules import Seen, Side, Sides
from decisions.rules.engine.columns import Columns, Places
from decisions.rules.engine.columns_reading import PlainColumns, columns_of_plain
from decisions.rules.engine.columns_verdicts import OPTIONS, VERDICTS, ManyOutcomes, decide_many
from decisions.rules.engine.verdicts import PREFERENCE


def replay(cases: Iterable[StoredCase], before: Side, after: Side) -> Differences:
    """Every verdict, bar, lead and act-first notice that differs between two sides.

    cases: read once, BATCH at a time. What is kept of them are the ids of those that differ.
    """
    sides = Sides(before, after)
    collected = Collected(sides)
    for batch in _batches(cases):
        _replay(batch, sides, collected)
    return collected.differences()


def _batches(cases: Iterable[StoredCase]) -> Iterator[list[StoredCase]]:
    remaining = iter(cases)
    while batch := list(islice(remaining, BATCH)):
        yield batch


def _replay(batch: Sequence[StoredCase], sides: Sides, collected: Collected) -> None:
    plain = [one.answers for one in batch]
    before = columns_of_plain(sides.before.edition.questionnaire, plain)
    after = before
    if not sides.have_one_edition:
        after = columns_of_plain(sides.after.edition.questionnaire, plain)
    for place in sorted({*before.refused, *after.refused}):
        collected.add_refused(
            batch[place].name, before.refused.get(place, ()), after.refused.get(place, ())
        )
    both = np.intersect1d(before.kept, after.kept)
    cases = [batch[place] for place in both]
    _compare(cases, (_taken(before, both), _taken(after, both)), sides, collected)


def _taken(read: PlainColumns, places: Places) -> Columns:
    """The columns of these places among the plain cases, all of them kept."""
    return read.columns.taken(np.searchsorted(read.kept, places))


def _compare(
    cases: Sequence[StoredCase],
    stored: tuple[Columns, Columns],
    sides: Sides,
    collected: Collected,
) -> None:
    before, after = _Decided(sides.before, stored[0]), _Decided(sides.after, stored[1])
    collected.add_compared(
        [case.name for case in cases],
        recorded_otherwise=sum(
            case.recorded not in (None, before.said(place)) for place, case in enumerate(cases)
        ),
    )
    for place in np.flatnonzero(_differ(before.outcomes, after.outcomes)).tolist():
        explained = sides.explain(before.seen(place), after.seen(place))
        collected.add_changed(cases[place].name, explained)


class _Decided:
    """What one side says of a batch of cases, and what it saw of them."""

    def __init__(self, side: Side, stored: Columns) -> None:
        self.outcomes = decide_many(side.edition, stored, side.evidence)
        seen = stored.as_asked(side.edition.questionnaire)
        self._preference = seen.by_id[PREFERENCE]

    def seen(self, place: int) -> Seen:
        """All that the verdicts of one case rest on."""
        preference = self._preference.facts[self._preference.places[place]]
        return Seen(tuple(self.outcomes.truths[place].tolist()), preference)

    def said(self, place: int) -> Recorded:
        """What it says of one case, as a decision would record it."""
        verdicts, leads = self.outcomes.verdicts[place], self.outcomes.leading[place]
        return Recorded(
            tuple(VERDICTS[code].value for code in verdicts.tolist()),
            tuple(OPTIONS[at].value for at in np.flatnonzero(leads).tolist()),
        )


def _differ(before: ManyOutcomes, after: ManyOutcomes) -> NDArray[np.bool_]:
    """Where the two sides say different things, shape (cases,)."""
    by_option = (
        (before.verdicts != after.verdicts)
        | (before.barred != after.barred)
        | (before.leading != after.leading)
    )
    differ: NDArray[np.bool_] = by_option.any(axis=1) | (before.urgent != after.urgent)
    return differ
