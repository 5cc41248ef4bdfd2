"""What is odd only when several numbers of a source are compared."""

from __future__ import annotations

import math
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from enum import StrEnum

from evidence.domain.entries import Source
from evidence.domain.oddity import Oddity, OddityKind, place_of
from evidence.domain.parts import Result
from evidence.domain.plausibility_of_numbers import PERCENT, is_share, last_place
from evidence.domain.terms import LOWERING, Judgment

PEOPLE = frozenset({"people", "patients", "participants"})
"""Units in which a value is a count of people."""

SIZE_IN_ARM = re.compile(r"\bn\s*=\s*(?P<n>\d[\d,]*)")
"""The size of a group as printed in its name: "TMS only (n=169)"."""

SHARE_OF_PEOPLE = re.compile(r"\b(?:respon(?:se|ders?)|remission|remitters?|relapsed?)\b", re.I)
"""Measures that say how many people of a group something happened to."""

NOT_OF_PEOPLE = re.compile(r"mean|median|change|reduction|improvement|estimated|modal", re.I)
"""Words that make such a measure something else than a count divided by a group."""


def source_oddities(source: Source) -> Iterator[Oddity]:
    """Everything odd between the numbers of a source, and between them and its head."""
    yield from _counts_beside_percentages(source.results)
    yield from _no_whole_people(source.results)
    yield from _counts_beside_size(source.results)
    yield from _more_people_than_studied(source)
    for said in _odd_certainty_reasons(source):
        yield Oddity(kind=OddityKind.CERTAINTY, place="certainty", sentence=said)
    if source.certainty is not None and not source.certainty_why:
        yield Oddity(
            kind=OddityKind.CERTAINTY,
            place="certainty",
            sentence=f"graded {_in_words(source.certainty)}, and no reason is given",
        )


def _odd_certainty_reasons(source: Source) -> Iterator[str]:
    named = [one.domain for one in source.certainty_reasons]
    for one in dict.fromkeys(domain for domain in named if named.count(domain) > 1):
        yield f"{_in_words(one)} is judged more than once"
    for reason in source.certainty_reasons:
        can_lower, raises = reason.domain in LOWERING, reason.judgment is Judgment.RAISES
        if can_lower and raises:
            yield f"{_in_words(reason.domain)} can only lower certainty, and is said to raise it"
        elif not can_lower and reason.judgment in (Judgment.SERIOUS, Judgment.VERY_SERIOUS):
            yield f"{_in_words(reason.domain)} can only raise certainty, and is said to lower it"


def _in_words(term: StrEnum) -> str:
    return term.value.replace("_", " ")


# Counts in one result, the percentage in another


def _counts_beside_percentages(results: Iterable[Result]) -> Iterator[Oddity]:
    groups: dict[tuple[str, ...], list[Result]] = defaultdict(list)
    for result in results:
        groups[_subject(result)].append(result)
    for group in groups.values():
        yield from _disagreeing(group)


def _subject(result: Result) -> tuple[str, ...]:
    parts = (result.measure, result.arm, result.timepoint)
    return tuple(" ".join((part or "").casefold().split()) for part in parts)


def _disagreeing(group: list[Result]) -> Iterator[Oddity]:
    counted = [counts for one in group if (counts := _counts_alone(one))]
    printed = [one for one in group if one.unit == PERCENT and one.value is not None]
    for one in printed:
        value = one.value or 0.0
        for events, total in counted:
            if not is_share(percent=value, events=events, total=total):
                said = (
                    f"{value:g} percent here, and {events:g} of {total} "
                    f"({100 * events / total:.2f} percent) in another line of the same"
                )
                yield Oddity(kind=OddityKind.COUNTS, place=place_of(one), sentence=said)


def _counts_alone(result: Result) -> tuple[float, int] | None:
    """The counts of a result that gives no percentage of its own; None where they cannot be."""
    if result.unit == PERCENT and result.value is not None:
        return None
    events: float | None = result.events
    if events is None and result.unit in PEOPLE:
        events = result.value
    total = result.total or _size(result)
    if events is None or not total or not 0 <= events <= total:
        return None
    return events, total


# A percentage that no whole number of people makes


def _no_whole_people(results: Iterable[Result]) -> Iterator[Oddity]:
    for result in results:
        size, value = _size(result), result.value
        if not size or value is None or not _is_share_of_group(result):
            continue
        below = math.floor(value * size / 100)
        if any(is_share(percent=value, events=count, total=size) for count in (below, below + 1)):
            continue
        said = (
            f"{value:g} percent is no whole number of {size} people: {below} would be "
            f"{100 * below / size:.2f}, {below + 1} would be {100 * (below + 1) / size:.2f}"
        )
        yield Oddity(kind=OddityKind.WHOLE_PEOPLE, place=place_of(result), sentence=said)


def _is_share_of_group(result: Result) -> bool:
    """A share of the people of its group, not counted as numbers and not worked out by a model."""
    value = result.value
    if result.unit != PERCENT or value is None or result.total is not None:
        return False
    if not 0 <= value <= 100 or last_place(value) == 1:
        return False
    return bool(SHARE_OF_PEOPLE.search(result.measure)) and not NOT_OF_PEOPLE.search(result.measure)


def _size(result: Result) -> int | None:
    """How many people the group of a result has: as analyzed, or as its name says."""
    if result.n is not None:
        return result.n
    printed = SIZE_IN_ARM.search(result.arm or "")
    return int(printed["n"].replace(",", "")) if printed else None


# Groups beside the whole


def _counts_beside_size(results: Iterable[Result]) -> Iterator[Oddity]:
    for result in results:
        size, total = _size(result), result.total
        if size is not None and total is not None and size != total:
            said = f"the counts are of {total:,} people, and the group has {size:,}"
            yield Oddity(kind=OddityKind.GROUPS, place=place_of(result), sentence=said)


def _more_people_than_studied(source: Source) -> Iterator[Oddity]:
    if source.n is None:
        return
    for result in source.results:
        people = result.total if result.total is not None else _size(result)
        if people is not None and people > source.n:
            said = f"{people:,} people here, and {source.n:,} in the whole source"
            yield Oddity(kind=OddityKind.GROUPS, place=place_of(result), sentence=said)
    yield from _groups_that_do_not_add_up(source, source.n)


def _groups_that_do_not_add_up(source: Source, people: int) -> Iterator[Oddity]:
    """The groups of one measure at one time, where each gives its size and none is the whole."""
    measured: dict[tuple[str, str], dict[str, int]] = defaultdict(dict)
    for result in source.results:
        size = result.total if result.total is not None else _size(result)
        measure, arm, timepoint = _subject(result)
        if size is not None and arm and size < people:
            measured[measure, timepoint][arm] = size
    for (measure, timepoint), groups in measured.items():
        total = sum(groups.values())
        if len(groups) > 1 and total > people:
            said = f"the groups add up to {total:,} people, and the source has {people:,}"
            place = ", ".join(part for part in (measure, timepoint) if part)
            yield Oddity(kind=OddityKind.GROUPS, place=place, sentence=said)
