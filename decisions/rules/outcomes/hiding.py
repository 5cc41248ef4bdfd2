"""Small numbers are not shown, and beside them others, so that no sum tells what they are.

Counts hang together by sums: those who began are those without a form before, and the others. A
number that is left out can be worked out from the rest wherever the shown numbers and the sums
leave one solution. So more are left out until none does.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

SMALLEST_SHOWN = 11
"""A count from 1 to 10 people is not shown."""
PRIME = (1 << 61) - 1
"""Sums are solved in whole numbers modulo this: quick, exact, and nothing is rounded."""


@dataclass(frozen=True)
class Sum:
    """The whole is all of its parts together, each person in one of them."""

    whole: str
    parts: tuple[str, ...]

    @property
    def members(self) -> tuple[str, ...]:
        """All that are in it."""
        return (self.whole, *self.parts)


def hidden(
    counts: Mapping[str, int], sums: Sequence[Sum], *, never_shown: Iterable[str] = ()
) -> frozenset[str]:
    """The names of the counts that are not shown.

    never_shown: counts that no page prints, such as those without a response; they follow from
    others, and a small one must not.
    """
    small = {name for name, count in counts.items() if 0 < count < SMALLEST_SHOWN}
    found = small | set(never_shown)
    solved = _solved(found, sums)
    while told := small & solved.keys():
        found |= {_beside(solved[name], counts, found) for name in told}
        solved = _solved(found, sums)
    return frozenset(found)


def _beside(told_by: Iterable[Sum], counts: Mapping[str, int], found: set[str]) -> str:
    """The number to leave out, too: of those from which a hidden one can be worked out.

    One that says something before a nought, a part before a whole, a small one before a large one.
    There is one: from sums of which nothing is shown only a nought follows.
    """
    sums = list(told_by)
    wholes = {one.whole for one in sums}
    shown = {each for one in sums for each in one.members} - found
    return min(shown, key=lambda one: (counts.get(one, 0) == 0, one in wholes, counts[one], one))


Row = dict[str | Sum, int]
"""A sum of unknowns, by their names, and how often each of the sums that are told went into it."""


def _solved(unknown: set[str], sums: Sequence[Sum]) -> dict[str, list[Sum]]:
    """The unknowns of which the sums leave one value, by elimination; and the sums that tell it."""
    pivots: dict[str, Row] = {}
    for each in sums:
        reduced = _reduced(_row(each, unknown), pivots)
        name = next(_names_in(reduced), None)
        if name is None:
            continue
        factor = pow(reduced[name], -1, PRIME)
        reduced = {one: value * factor % PRIME for one, value in reduced.items()}
        for other, against in list(pivots.items()):
            if name in against:
                pivots[other] = _less(against, reduced, against[name])
        pivots[name] = reduced
    return {
        name: [one for one in row if isinstance(one, Sum)]
        for name, row in pivots.items()
        if len(list(_names_in(row))) == 1
    }


def _names_in(row: Row) -> Iterator[str]:
    return (one for one in row if isinstance(one, str))


def _row(one: Sum, unknown: set[str]) -> Row:
    row: Row = {name: 1 for name in one.parts if name in unknown}
    if one.whole in unknown:
        row[one.whole] = PRIME - 1
    return {**row, one: 1}


def _reduced(row: Row, pivots: Mapping[str, Row]) -> Row:
    for name in list(_names_in(row)):
        if name in row and name in pivots:
            row = _less(row, pivots[name], row[name])
    return row


def _less(row: Row, pivot: Row, factor: int) -> Row:
    """The row without what the pivot takes from it."""
    found = dict(row)
    for name, value in pivot.items():
        left = (found.get(name, 0) - factor * value) % PRIME
        if left:
            found[name] = left
        else:
            found.pop(name, None)
    return found
