"""Numbers that look odd. They are named and never fixed: they stay as printed.

Checks of one number live in `oddities_of_numbers`, those that hold several numbers of a source
beside each other in `oddities_of_sources`.
"""

from __future__ import annotations

from collections.abc import Iterator

from evidence.domain.entries import Source
from evidence.domain.oddity import Oddity, OddityKind
from evidence.domain.parts import Result
from evidence.domain.plausibility_of_numbers import PERCENT, is_inside, number_oddities
from evidence.domain.plausibility_of_sources import source_oddities

__all__ = [
    "PERCENT",
    "Oddity",
    "OddityKind",
    "is_inside",
    "new_oddities",
    "odd_numbers",
    "oddities_of",
    "oddities_of_source",
]


def oddities_of_source(source: Source) -> tuple[Oddity, ...]:
    """Everything that looks odd about a source, in the order of its numbers."""
    return (*_oddities_of_results(source), *source_oddities(source))


def _oddities_of_results(source: Source) -> Iterator[Oddity]:
    for result in source.results:
        yield from number_oddities(result)


def oddities_of(result: Result) -> Iterator[str]:
    """What is odd about one result, in words."""
    return (oddity.sentence for oddity in number_oddities(result))


def odd_numbers(source: Source) -> tuple[str, ...]:
    """One sentence for each oddity of a source, with key and place; empty where there is none."""
    return tuple(f"{source.key}: {one.place}: {one.sentence}" for one in oddities_of_source(source))


def new_oddities(*, before: Source | None, after: Source) -> tuple[Oddity, ...]:
    """The oddities that an edit brings in: what its author has to confirm is so printed.

    before: None for a source that is added.
    """
    known = set(oddities_of_source(before)) if before else set()
    return tuple(one for one in oddities_of_source(after) if one not in known)
