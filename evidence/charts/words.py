"""The words of a drawing: numbers, intervals and directions, as a reader hears them."""

from __future__ import annotations

import re

from evidence.charts.drawable import RATIOS, Group, Scale, wilson_interval
from evidence.domain.parts import Result
from evidence.domain.plausibility import PERCENT, is_inside

COMPARISON = re.compile(r"^(?P<this>.+?) (?:vs|versus|minus) .")

NO_INTERVAL = "No interval given"
OUR_ARITHMETIC = "our arithmetic"


def interval_of(result: Result) -> tuple[float, float] | None:
    """The interval as printed, or ours where counts are printed without one; else None."""
    if result.ci_low is not None and result.ci_high is not None:
        return result.ci_low, result.ci_high
    return wilson_interval(*counts) if (counts := counts_of(result)) else None


def is_our_arithmetic(result: Result) -> bool:
    """Whether the interval comes from the counts and not from the source."""
    return result.ci_low is None and counts_of(result) is not None


def counts_of(result: Result) -> tuple[int, int] | None:
    """Events and total of a percentage where both are given and possible."""
    events, total = result.events, result.total
    if events is None or total is None or not 0 <= events <= total or total == 0:
        return None
    return (events, total) if (result.unit or "").startswith(PERCENT) else None


def detail_of(result: Result) -> tuple[str, ...]:
    """The numbers of a row in words: counts and value, then the interval or that there is none."""
    return tuple(part for part in (_value_in_words(result), interval_in_words(result)) if part)


def _value_in_words(result: Result) -> str:
    unit = "" if (result.unit or "").lower() in RATIOS else result.unit or ""
    if result.value is None:
        return f"{result.value_low:g} to {result.value_high:g} {unit}".strip() + ", a range"
    counts = f"{result.events} of {result.total}, " if counts_of(result) else ""
    return f"{counts}{result.value:g} {unit}".strip()


def interval_in_words(result: Result) -> str:
    """The 95% interval, whose arithmetic it is, or that none was given; blank for a range."""
    interval = interval_of(result)
    if interval is None:
        return "" if result.value is None else NO_INTERVAL
    low, high = interval
    if is_our_arithmetic(result):
        return f"95% interval {low:.0f} to {high:.0f}, {OUR_ARITHMETIC}"
    told = f"95% interval {low:g} to {high:g}"
    if result.value is not None and not is_inside(result.value, low, high):
        return f"{told} as printed, not around the value and not drawn"
    return told


def subtitle_of(group: Group) -> str:
    """What all rows share, and whose arithmetic the intervals are."""
    ours = any(is_our_arithmetic(result) for result in group.results)
    arithmetic = "Intervals from counts are our arithmetic (Wilson)." if ours else ""
    shared = ", ".join(group.shared)
    return " ".join(part for part in (f"{_capital(shared)}." if shared else "", arithmetic) if part)


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def axis_name_of(group: Group) -> str:
    """What the numbers under the axis are."""
    unit = group.results[0].unit or ""
    match group.scale:
        case Scale.PERCENT:
            return "Percent, 0 to 100"
        case Scale.RATE:
            return f"Events {unit}"
        case Scale.RATIO:
            return f"{_ratio_name(unit)}, logarithmic; 1 is no difference"
        case Scale.DIFFERENCE:
            return f"Difference in {_unit_name(unit)}; 0 is no difference"


def _unit_name(unit: str) -> str:
    return "standard deviations (SMD)" if unit == "SMD" else unit


def _ratio_name(unit: str) -> str:
    names = {"HR": "Hazard ratio", "RR": "Risk ratio", "OR": "Odds ratio"}
    return names.get(unit, _capital(unit))


def directions_of(group: Group) -> tuple[str, str]:
    """What left and right of the line mean; named by the group where all rows compare the same."""
    match group.scale:
        case Scale.RATIO:
            less, more = "Less likely", "More likely"
        case Scale.DIFFERENCE:
            less, more = "Lower", "Higher"
        case Scale.PERCENT | Scale.RATE:
            return "", ""
    arms = {result.arm for result in group.results}
    compared = COMPARISON.match(arms.pop() or "") if len(arms) == 1 else None
    with_it = f" with {compared['this']}" if compared else ""
    return f"← {less}{with_it}", f"{more}{with_it} →"


def description_of(group: Group) -> str:
    """The whole drawing in words, for who cannot see it."""
    rows = (
        f"{label}: {'; '.join(detail_of(result))}."
        for label, result in zip(group.labels, group.results, strict=True)
    )
    return " ".join((axis_name_of(group) + ".", *rows))
