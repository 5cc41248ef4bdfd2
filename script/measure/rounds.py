"""Interleaved rounds: every thing measured is measured in each round, side by side."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from statistics import median
from time import perf_counter

ROUNDS = 7
"""Rounds of every measurement; the machine's speed drifts, so ratios are taken within a round."""


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table: what was measured, its number, and the target where there is one."""

    what: str
    value: str
    target: str = "report"
    is_met: bool | None = None


def seconds(work: Callable[[], object], times: int) -> float:
    """Seconds that one call takes, mean of `times` calls."""
    start = perf_counter()
    for _ in range(times):
        work()
    return (perf_counter() - start) / times


def interleave(
    works: Mapping[str, tuple[Callable[[], object], int]], rounds: int = ROUNDS
) -> dict[str, list[float]]:
    """Seconds a call for each work in each round; a work is called `times` times a round."""
    for work, _ in works.values():
        work()
    measured: dict[str, list[float]] = {name: [] for name in works}
    for _ in range(rounds):
        for name, (work, times) in works.items():
            measured[name].append(seconds(work, times))
    return measured


def ratio(measured: Mapping[str, list[float]], name: str, unit: str) -> float:
    """Median over the rounds of one work's time in units of another's."""
    return median(a / b for a, b in zip(measured[name], measured[unit], strict=True))


def limited(what: str, value: float, limit: float, unit: str = "") -> Row:
    """A row with a target that the number must not exceed."""
    return Row(what, f"{value:.2f}{unit}", f"at most {limit:g}{unit}", value <= limit)
