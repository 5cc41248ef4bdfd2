"""Axes of charts: where a number is between the left and the right edge, and the ticks."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass

LEFT, RIGHT = 4.0, 96.0
"""Edges of the plot, in percent of the width of the drawing."""

RATIO_TICKS = (0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50, 100, 200, 500)
STEPS = (1, 2, 2.5, 5, 10)
MOST_TICKS = 6


@dataclass(frozen=True)
class Axis:
    """One scale. `line` is where no effect is: 0, 1, or None where that says nothing."""

    low: float
    high: float
    ticks: tuple[float, ...]
    line: float | None = None
    scale: Callable[[float], float] = float

    def at(self, value: float) -> float:
        """Where a value is, in percent of the width of the drawing."""
        low, high = self.scale(self.low), self.scale(self.high)
        return LEFT + (self.scale(value) - low) / (high - low) * (RIGHT - LEFT)


def percent_axis() -> Axis:
    """0 to 100 and never cut."""
    return Axis(low=0, high=100, ticks=(0, 25, 50, 75, 100))


def rate_axis(values: Iterable[float]) -> Axis:
    """From 0 to a round number past the largest value."""
    ticks = _round_ticks(0, max(values))
    return Axis(low=0, high=ticks[-1], ticks=ticks)


def difference_axis(values: Iterable[float]) -> Axis:
    """Round numbers around all values and zero."""
    numbers = [0.0, *values]
    ticks = _round_ticks(min(numbers), max(numbers))
    return Axis(low=ticks[0], high=ticks[-1], ticks=ticks, line=0)


def ratio_axis(values: Iterable[float]) -> Axis:
    """A logarithmic axis around all values and 1; every value is above 0."""
    numbers = [1.0, *values]
    low = max((tick for tick in RATIO_TICKS if tick <= min(numbers)), default=min(numbers))
    high = min((tick for tick in RATIO_TICKS if tick >= max(numbers)), default=max(numbers))
    if low == high:
        low, high = 0.5, 2
    ticks = tuple(tick for tick in RATIO_TICKS if low <= tick <= high)
    return Axis(low=low, high=high, ticks=ticks, line=1, scale=math.log)


def year_axis(years: Iterable[int]) -> Axis:
    """Whole years around all of these, one year free on each side."""
    known = list(years)
    low, high = min(known) - 1, max(known) + 1
    step = math.ceil((high - low) / MOST_TICKS)
    return Axis(low=low, high=high, ticks=tuple(range(low, high + 1, step)))


def _round_ticks(low: float, high: float) -> tuple[float, ...]:
    span = (high - low) or 1.0
    size = 10 ** math.floor(math.log10(span / MOST_TICKS))
    step = next(size * one for one in (*STEPS, 20) if span / (size * one) <= MOST_TICKS - 1)
    first, last = math.floor(low / step), math.ceil(high / step)
    return tuple(round(number * step, 6) for number in range(first, last + 1))
