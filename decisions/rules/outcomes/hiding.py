"""Small numbers are not shown, and beside them others, so that no sum tells what they are.

Counts hang together by sums: those who began are those without a form before, and the others. A
number that is left out can be worked out from the rest wherever the shown numbers and the sums
leave one solution. So more are left out until none does.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
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
        """All that stand in it."""
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
    while told := small & solved:
        found |= {_beside(name, solved, counts, sums, found) for name in told}
        solved = _solved(found, sums)
    return frozenset(found)


def _beside(
    name: str,
    solved: set[str],
    counts: Mapping[str, int],
    sums: Sequence[Sum],
    found: set[str],
) -> str:
    """The number to leave out, too: of those from which this one can be worked out.

    One that says something before a nought, a part before a whole, a small one before a large one.
    """
    chain, looked_at = {name}, set[Sum]()
    while more := {
        one for one in sums if one not in looked_at and not chain.isdisjoint(one.members)
    }:
        looked_at |= more
        chain |= {each for one in more for each in one.members if each in solved}
    wholes = {one.whole for one in looked_at}
    shown = {each for one in looked_at for each in one.members} - found
    return min(shown, key=lambda one: (counts.get(one, 0) == 0, one in wholes, counts[one], one))


def _solved(unknown: set[str], sums: Sequence[Sum]) -> set[str]:
    """The unknowns of which the sums leave one value, by elimination."""
    rows = [row for each in sums if (row := _row(each, unknown))]
    pivots: dict[str, dict[str, int]] = {}
    for row in rows:
        reduced = _reduced(row, pivots)
        if reduced:
            name = next(iter(reduced))
            factor = pow(reduced[name], -1, PRIME)
            reduced = {one: value * factor % PRIME for one, value in reduced.items()}
            for other, against in list(pivots.items()):
                if name in against:
                    pivots[other] = _less(against, reduced, against[name])
            pivots[name] = reduced
    return {name for name, row in pivots.items() if len(row) == 1}


def _row(one: Sum, unknown: set[str]) -> dict[str, int]:
    row = {name: 1 for name in one.parts if name in unknown}
    if one.whole in unknown:
        row[one.whole] = PRIME - 1
    return row


def _reduced(row: dict[str, int], pivots: Mapping[str, dict[str, int]]) -> dict[str, int]:
    for name in [one for one in row if one in pivots]:
        if name in row:
            row = _less(row, pivots[name], row[name])
    return row


def _less(row: Mapping[str, int], pivot: Mapping[str, int], factor: int) -> dict[str, int]:
    """The row without what the pivot takes from it."""
    found = dict(row)
    for name, value in pivot.items():
        left = (found.get(name, 0) - factor * value) % PRIME
        if left:
            found[name] = left
        else:
            found.pop(name, None)
    return found
