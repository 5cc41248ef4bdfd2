"""What can be odd about one result by itself."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal

from evidence.domain.oddity import Oddity, OddityKind, place_of
from evidence.domain.parts import Result

PERCENT = "percent"

SLACK = 1e-6
"""For the arithmetic of floating point, in the unit of the number."""

SIGNIFICANT = 0.05
"""The p that a 95% interval corresponds to."""

COUNTS_IN_WORDS = re.compile(
    r"""(?<![\d./])(?<!\d,)(?P<events>\d[\d,]*+)   # how many, not the end of another number
        \s*+(?:out\ of|of|/)\s*+
        ["“]?(?P<total>\d[\d,]*)["”]?(?![\d./%])""",
    re.VERBOSE,
)
"""Counts that a note quotes: "53 of 66", "23/32", "67 out of "16"". """

P_AS_PRINTED = re.compile(
    r"^(?:p\s*+)?(?P<sign>[<>=≤≥]?)\s*+(?P<p>\d*+\.\d++|\d++)(?: nominal)?$", re.IGNORECASE
)

ONE_SIDED = re.compile(r"non-?inferior|one-?sided|equivalence", re.IGNORECASE)
"""Such a p does not correspond to a 95% interval around no difference."""

RATIO = re.compile(
    r"\b(?:odds|hazard|risk|rate|incidence) ratio|\brelative risk|^(?:HR|OR|RR|IRR)\b",
    re.IGNORECASE,
)
DIFFERENCE = re.compile(
    r"\bdifference|\bminus\b|percentage points|\bSMD\b|hedges|cohen", re.IGNORECASE
)


def number_oddities(result: Result) -> Iterator[Oddity]:
    """Everything odd about one result."""
    for kind, sentences in (
        (OddityKind.RANGE, _odd_range(result)),
        (OddityKind.PERCENT, _odd_percent(result)),
        (OddityKind.COUNTS, _odd_counts(result)),
        (OddityKind.COUNTS, _odd_counts_in_words(result)),
        (OddityKind.SPREAD, _odd_spread(result)),
        (OddityKind.RATIO, _odd_ratio(result)),
        (OddityKind.P, _odd_p(result)),
    ):
        for sentence in sentences:
            yield Oddity(kind=kind, place=place_of(result), sentence=sentence)
    yield from _odd_interval(result)


def is_inside(value: float, low: float | None, high: float | None) -> bool:
    """Whether a value lies in its interval, as it should."""
    return low is not None and high is not None and low <= value <= high


def last_place(value: float) -> float:
    """The unit of the last digit that a number is printed with: 0.01 for 43.42, 1 for 43."""
    exponent = Decimal(repr(value)).normalize().as_tuple().exponent
    return float(10 ** min(int(exponent), 0))


def is_share(*, percent: float, events: float, total: float) -> bool:
    """Whether a printed percentage is these counts, rounded to as many digits as it shows."""
    return abs(100 * events / total - percent) <= last_place(percent) / 2 + SLACK


def is_ratio(result: Result) -> bool:
    """Whether a number is a ratio, where no difference is 1."""
    return bool(RATIO.search(f"{result.unit or ''} {result.measure}"))


def _odd_interval(result: Result) -> Iterator[Oddity]:
    low, high, value, place = result.ci_low, result.ci_high, result.value, place_of(result)
    if low is None or high is None:
        return
    if low > high:
        said = f"the interval {low:g} to {high:g} runs backward"
        yield Oddity(kind=OddityKind.INTERVAL, place=place, sentence=said)
    elif value is not None and is_inside(-value, low, high) and not is_inside(value, low, high):
        said = (
            f"the value {value:g} is outside its interval {low:g} to {high:g}, which would fit "
            f"{-value:g}: the signs clash"
        )
        yield Oddity(kind=OddityKind.SIGN, place=place, sentence=said)
    elif value is not None and not is_inside(value, low, high):
        said = f"the value {value:g} is outside its interval {low:g} to {high:g}"
        yield Oddity(kind=OddityKind.INTERVAL, place=place, sentence=said)


def _odd_range(result: Result) -> Iterator[str]:
    bottom, top = result.value_low, result.value_high
    if bottom is not None and top is not None and bottom > top:
        yield f"the range {bottom:g} to {top:g} runs backward"


def _odd_percent(result: Result) -> Iterator[str]:
    unit = result.unit or ""
    if not unit.startswith(PERCENT) or unit.startswith("percentage points"):
        return
    for value in (result.value, result.value_low, result.value_high):
        if value is not None and not 0 <= value <= 100:
            yield f"{value:g} percent is not between 0 and 100"


def _odd_counts(result: Result) -> Iterator[str]:
    events, total = result.events, result.total
    if events is not None and total is not None:
        yield from _against_counts(result, events=events, total=total)
    elif (events is not None and events < 0) or (total is not None and total < 0):
        yield "a number of people is below zero"


def _against_counts(result: Result, *, events: int, total: int) -> Iterator[str]:
    if events < 0 or total <= 0 or events > total:
        yield f"{events} of {total} cannot be"
        return
    printed = result.value if result.unit == PERCENT else None
    if printed is not None and not is_share(percent=printed, events=events, total=total):
        yield f"{events} of {total} is {_share(events, total, printed)} percent, not {printed:g}"


def _share(events: int, total: int, printed: float) -> str:
    digits = max(1, len(f"{last_place(printed):.10f}".rstrip("0").partition(".")[2]))
    return f"{100 * events / total:.{digits}f}"


def _odd_counts_in_words(result: Result) -> Iterator[str]:
    """Counts that a note or text quotes beside a percentage, where none were entered as numbers."""
    printed = result.value
    if result.unit != PERCENT or printed is None:
        return
    quoted = [_counts(match) for match in _quoted(result)]
    possible = [(events, total) for events, total in quoted if 0 < total >= events]
    for events, total in quoted:
        if (events, total) not in possible:
            yield f"the counts are quoted as {events} of {total}, which cannot be"
    if any(is_share(percent=printed, events=events, total=total) for events, total in possible):
        return
    for events, total in possible:
        share = _share(events, total, printed)
        yield f"the quoted counts {events} of {total} are {share} percent, not {printed:g}"


def _quoted(result: Result) -> Iterator[re.Match[str]]:
    for text in (result.note, result.value_text):
        yield from COUNTS_IN_WORDS.finditer(text or "")


def _counts(match: re.Match[str]) -> tuple[int, int]:
    return int(match["events"].replace(",", "")), int(match["total"].replace(",", ""))


def _odd_spread(result: Result) -> Iterator[str]:
    if result.sd is not None and result.sd < 0:
        yield f"the standard deviation {result.sd:g} is below zero"


def _odd_ratio(result: Result) -> Iterator[str]:
    if not is_ratio(result):
        return
    for value in (result.value, result.ci_low, result.ci_high):
        if value is not None and value <= 0:
            yield f"the ratio {value:g} is not above zero"


# The p beside the interval


def _odd_p(result: Result) -> Iterator[str]:
    printed = P_AS_PRINTED.match((result.p or "").strip())
    if printed is None:
        return
    if float(printed["p"]) > 1:
        yield f"p {result.p} is above 1"
        return
    is_significant = _is_significant(printed["sign"], float(printed["p"]))
    crosses = _crosses_no_difference(result)
    if ONE_SIDED.search(result.note or "") or is_significant is None or crosses is None:
        return
    interval = f"its interval {result.ci_low:g} to {result.ci_high:g}"
    if is_significant and crosses:
        yield f"p {result.p} says that there is a difference, and {interval} includes none"
    elif not is_significant and not crosses:
        yield f"p {result.p} says that no difference was shown, and {interval} excludes none"


def _is_significant(sign: str, p: float) -> bool | None:
    """Whether p is below 0.05; None where what is printed does not say."""
    if sign in ("<", "≤"):
        return True if p <= SIGNIFICANT else None
    if sign in (">", "≥"):
        return False if p >= SIGNIFICANT else None
    return None if p == SIGNIFICANT else p < SIGNIFICANT


def _crosses_no_difference(result: Result) -> bool | None:
    """Whether the interval includes "no difference"; None where it only touches it or is open."""
    low, high = result.ci_low, result.ci_high
    if low is None or high is None or low > high:
        return None
    if is_ratio(result):
        none = 1.0
    elif DIFFERENCE.search(f"{result.unit or ''} {result.measure}"):
        none = 0.0
    else:
        return None
    return None if none in (low, high) else low < none < high
