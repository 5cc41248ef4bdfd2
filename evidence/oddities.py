"""Numbers that look odd. They are named and never mended: they stand as printed."""

from __future__ import annotations

from collections.abc import Iterator

from evidence.domain import Result, Source

PERCENT = "percent"

ROUNDING = 1.0
"""How far a printed percentage may be from its counts, in percentage points."""


def odd_numbers(source: Source) -> tuple[str, ...]:
    """One sentence for each odd number of a source; empty where there is none."""
    return tuple(
        f"{source.key}: {_place(result)}: {problem}"
        for result in source.results
        for problem in oddities_of(result)
    )


def _place(result: Result) -> str:
    return ", ".join(part for part in (result.measure, result.arm, result.timepoint) if part)


def oddities_of(result: Result) -> Iterator[str]:
    """What is odd about one result, in words."""
    yield from _odd_interval(result)
    yield from _odd_percent(result)
    yield from _odd_counts(result)


def is_inside(value: float, low: float | None, high: float | None) -> bool:
    """Whether a value lies in its interval, as it should."""
    return low is not None and high is not None and low <= value <= high


def _odd_interval(result: Result) -> Iterator[str]:
    low, high = result.ci_low, result.ci_high
    if low is not None and high is not None:
        if low > high:
            yield f"the interval {low:g} to {high:g} runs backward"
        elif result.value is not None and not is_inside(result.value, low, high):
            yield f"the value {result.value:g} is outside its interval {low:g} to {high:g}"
    bottom, top = result.value_low, result.value_high
    if bottom is not None and top is not None and bottom > top:
        yield f"the range {bottom:g} to {top:g} runs backward"


def _odd_percent(result: Result) -> Iterator[str]:
    if result.unit is None or not result.unit.startswith(PERCENT):
        return
    if result.unit.startswith("percentage points"):
        return
    for value in (result.value, result.value_low, result.value_high):
        if value is not None and not 0 <= value <= 100:
            yield f"{value:g} percent is not between 0 and 100"


def _odd_counts(result: Result) -> Iterator[str]:
    events, total = result.events, result.total
    if events is None or total is None:
        return
    if events < 0 or total <= 0 or events > total:
        yield f"{events} of {total} cannot be"
        return
    share = 100 * events / total
    printed = result.value if result.unit == PERCENT else None
    if printed is not None and abs(share - printed) > ROUNDING:
        yield f"{events} of {total} is {share:.1f} percent, not {printed:g}"
