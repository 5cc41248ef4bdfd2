"""Which results of a source can be drawn, on what sort of axis, and which share one."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeVar

from evidence.domain.entries import Source
from evidence.domain.parts import Result

RATIOS = frozenset({"or", "rr", "hr", "odds ratio", "risk ratio", "hazard ratio", "rate ratio"})
DIFFERENCES = ("points", "smd", "standardised mean difference", "percentage points")
COMPARES = re.compile(r"\b(vs|versus|minus|differ\w*)\b", re.IGNORECASE)
"""Words that say that a number is a difference between groups and not a mean of one."""

Z_95 = 1.959964
"""Standard normal quantile of a two-sided 95% interval."""


T = TypeVar("T")


class Scale(StrEnum):
    """The sort of axis that a result is drawn on."""

    PERCENT = "percent"
    RATE = "rate"
    RATIO = "ratio"
    DIFFERENCE = "difference"


@dataclass(frozen=True)
class Group:
    """Results that share one axis, each with its label; what they share is the title."""

    scale: Scale
    title: str
    shared: tuple[str, ...]
    results: tuple[Result, ...]
    labels: tuple[str, ...]


def wilson_interval(events: int, total: int) -> tuple[float, float]:
    """95% interval of a proportion, in percent, for 0 <= events <= total and total > 0.

    Source: Wilson 1927, J Am Stat Assoc 22:209-212, doi:10.1080/01621459.1927.10502953
    """
    share, z2 = events / total, Z_95**2
    middle = share + z2 / (2 * total)
    half = Z_95 * math.sqrt(share * (1 - share) / total + z2 / (4 * total**2))
    return (
        100 * max(0.0, (middle - half) / (1 + z2 / total)),
        100 * min(1.0, (middle + half) / (1 + z2 / total)),
    )


def scale_of(result: Result) -> Scale | None:
    """How a result can be drawn; None where only a table can show it."""
    unit = (result.unit or "").lower()
    if unit in ("percent", "percent of patients"):
        return Scale.PERCENT if _is_share(result) else None
    if unit.startswith("per ") and _has_interval(result) and _lowest(result) >= 0:
        return Scale.RATE
    if unit in RATIOS:
        return Scale.RATIO if result.value is not None and _lowest(result) > 0 else None
    if unit.endswith(DIFFERENCES) and _has_interval(result) and _compares(result):
        return Scale.DIFFERENCE
    return None


def _numbers(result: Result) -> list[float]:
    every = (result.value, result.value_low, result.value_high, result.ci_low, result.ci_high)
    return [number for number in every if number is not None]


def _lowest(result: Result) -> float:
    return min(_numbers(result))


def _is_share(result: Result) -> bool:
    numbers = _numbers(result)
    return bool(numbers) and all(0 <= number <= 100 for number in numbers)


def _has_interval(result: Result) -> bool:
    return None not in (result.value, result.ci_low, result.ci_high)


def _compares(result: Result) -> bool:
    return bool(COMPARES.search(f"{result.measure} {result.arm or ''}"))


# Grouping. Different measures share an axis only as subgroups of one comparison.


def groups_of(source: Source) -> Iterator[Group]:
    """The drawable results in the order of the source, gathered as they share an axis."""
    drawable = [(scale, one) for one in source.results if (scale := scale_of(one))]
    for pairs in _gather(drawable, lambda pair: (pair[0], pair[1].unit)):
        scale, found = pairs[0][0], [result for _, result in pairs]
        if scale is not Scale.PERCENT and _is_one_comparison(scale, found):
            yield _labeled(scale, found, "measure")
            continue
        for same in _gather(found, lambda result: result.measure):
            yield from _split(scale, same)


def _gather(items: Sequence[T], key: Callable[[T], object]) -> list[list[T]]:
    """Items of equal key together, groups in the order of their first items."""
    gathered: dict[object, list[T]] = {}
    for item in items:
        gathered.setdefault(key(item), []).append(item)
    return list(gathered.values())


def _is_one_comparison(scale: Scale, results: Sequence[Result]) -> bool:
    """Whether these are subgroups or outcomes of one comparison; points only of one instrument."""
    measures = {result.measure for result in results}
    shared = {(result.arm, result.timepoint) for result in results}
    instruments = {measure.split()[0] for measure in measures}
    is_one_unit = scale is Scale.RATIO or len(instruments) == 1
    return len(measures) == len(results) > 1 and len(shared) == 1 and is_one_unit


def _split(scale: Scale, results: Sequence[Result]) -> Iterator[Group]:
    if len({result.arm for result in results}) == 1 < len(results):
        yield _labeled(scale, results, "timepoint")
        return
    for same in _gather(results, lambda result: result.timepoint):
        yield _labeled(scale, same, "arm")


def _labeled(scale: Scale, results: Sequence[Result], by: str) -> Group:
    first = results[0]
    kept = {"measure": first.measure, "arm": first.arm, "timepoint": first.timepoint}
    del kept[by]
    title, *shared = [part for part in kept.values() if part] or [first.measure]
    labels = tuple(str(getattr(result, by) or first.measure) for result in results)
    return Group(scale, title, tuple(shared), tuple(results), labels)
