"""What a group of courses came to, as counts: denominators first, and the missing stay in.

Nothing here is a share, a rank or a best score. Each course is a row; each count is of rows.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from statistics import median
from typing import Annotated

from pydantic import Field

from decisions.rules.logic.values import Frozen
from decisions.rules.outcomes.change import MEASURES, PHQ9, WINDOWS, Change, Measure, Reading
from decisions.rules.outcomes.courses import CourseResult, Standing, WindowResult, result_of
from decisions.rules.outcomes.hiding import SMALLEST_SHOWN, Sum

OUTCOMES = ("response", "remission", "improved", "worse")
"""What is counted of those who were assessed, in the order of the page."""
BANDS = ((10, 14), (15, 19), (20, 27))
"""Scores before treatment by severity: the bands of the PHQ-9 from moderate on."""
MAIN_DAY = 84
"""The day by which what was led to and chosen is told."""
FORMS = Annotated[tuple[tuple[int, int], ...], Field(default=())]
"""Days from the first session and totals, in the order in which they were filled in."""


class Row(Frozen):
    """One course, without a name, a date or an id of a case.

    days: so many are over since the first session, counted in whole windows. before: forms from
    before the first session. next_course: the day of the next first session of this person. ended:
    why nobody asks any more, and ended_day since when. led and chosen: by the decision that it
    followed.
    """

    row: str
    age_band: str
    days: int
    phq9_before: FORMS
    phq9_after: FORMS
    gad7_before: FORMS
    gad7_after: FORMS
    next_course: int | None = None
    another_treatment: bool = False
    state: str
    ended: str = ""
    ended_day: int | None = None
    serious_events: int = 0
    new_item9: bool = False
    led: str = ""
    chosen: str = ""

    def result(self, measure: Measure) -> CourseResult:
        """What became of the course by one instrument."""
        before: Sequence[tuple[int, int]] = getattr(self, f"{measure.id}_before")
        after: Sequence[tuple[int, int]] = getattr(self, f"{measure.id}_after")
        readings = [Reading(day, total, True) for day, total in before]
        readings += [Reading(day, total) for day, total in after]
        return result_of(measure, readings, days=self.days, next_start=self.next_course)


@dataclass(frozen=True)
class Cohort:
    """counts: each by its name. sums: how they hang together. unprinted: those of no page.

    medians: instrument and day -> the median day of the forms of those who were assessed.
    """

    counts: Counter[str]
    sums: tuple[Sum, ...]
    unprinted: frozenset[str]
    medians: dict[tuple[str, int], float]
    paths: tuple[tuple[str, str], ...]


def count(rows: Sequence[Row]) -> Cohort:
    """Count the rows. Their order changes nothing."""
    counts: Counter[str] = Counter()
    days: dict[tuple[str, int], list[int]] = {}
    paths = _paths(Counter((row.led, row.chosen) for row in rows))
    for row in rows:
        counts["began"] += 1
        counts.update(_of_the_course(row))
        path = paths[row.led, row.chosen]
        counts[name_of_path(*path)] += 1
        for measure in MEASURES.values():
            result = row.result(measure)
            counts.update(_of_the_result(result))
            for window in result.windows:
                if window.standing is Standing.ASSESSED and window.reading:
                    place = days.setdefault((measure.id, window.window.day), [])
                    place.append(window.reading.day)
                if measure is PHQ9 and window.window.day == MAIN_DAY:
                    counts[name_of_path(*path, _ended_as(window))] += 1
    in_order = tuple(sorted(set(paths.values()), key=lambda one: (one == OTHER_PATHS, one)))
    sums = tuple(sums_of(in_order))
    unprinted = {one for each in sums for one in each.members if one.startswith(UNPRINTED)}
    medians = {place: median(found) for place, found in days.items()}
    return Cohort(counts, sums, frozenset(unprinted), medians, in_order)


OTHER_PATHS = ("other", "other")


def _paths(people: Counter[tuple[str, str]]) -> dict[tuple[str, str], tuple[str, str]]:
    """What was led to and chosen, those of few people together, so that no line is of few."""
    by_size = sorted(people, key=lambda one: (people[one], one))
    together = 0
    found = {}
    for one in by_size:
        is_small = people[one] < SMALLEST_SHOWN or 0 < together < SMALLEST_SHOWN
        found[one] = OTHER_PATHS if is_small else one
        together += people[one] if is_small else 0
    return found


# The names of the counts

UNPRINTED = "not "
UNCOUNTED = "not counted by PHQ-9"
SAID = ("stopped", "serious", "new_item9", "another_treatment", "died", "withdrew")
PATH_ENDS = ("improved", "other", "missing", "not_due", "not_counted")


def name_of(measure: Measure, what: str, day: int | None = None) -> str:
    """Such as "phq9 84 response"."""
    return f"{measure.id} {what}" if day is None else f"{measure.id} {day} {what}"


def name_of_path(led: str, chosen: str, ended: str = "") -> str:
    """Such as "path ketamine>ketamine improved"."""
    return f"path {led}>{chosen} {ended}".rstrip()


def _of_the_course(row: Row) -> Iterator[str]:
    said = {
        "stopped": row.state == "stopped",
        "serious": row.serious_events > 0,
        "new_item9": row.new_item9,
        "another_treatment": row.another_treatment,
        "died": row.ended == "died",
        "withdrew": row.ended == "withdrew",
    }
    for name, is_so in said.items():
        yield name if is_so else f"{UNPRINTED}{name}"


def _of_the_result(result: CourseResult) -> Iterator[str]:
    measure = result.measure
    if not result.is_eligible:
        yield name_of(measure, "no_baseline" if result.baseline is None else "below")
        if measure is PHQ9:
            yield UNCOUNTED
        return
    yield name_of(measure, "eligible")
    before = result.baseline.total if result.baseline else 0
    for window in result.windows:
        yield from _of_the_window(measure, before, window)
    if measure is PHQ9:
        yield from _of_what_lasted(result)


def _of_the_window(measure: Measure, before: int, window: WindowResult) -> Iterator[str]:
    day = window.window.day
    if window.standing is Standing.NOT_DUE:
        yield name_of(measure, "not_due", day)
        return
    yield name_of(measure, "due", day)
    if window.standing is Standing.MISSING or window.change is None:
        yield name_of(measure, "missing", day)
        if measure is PHQ9:
            yield name_of(measure, f"missing {_band(before)}", day)
        for one in OUTCOMES:
            yield UNPRINTED + name_of(measure, one, day)
        return
    yield name_of(measure, "assessed", day)
    for one, is_so in _outcomes(window.change):
        yield name_of(measure, one, day) if is_so else UNPRINTED + name_of(measure, one, day)
        if not is_so:
            yield UNPRINTED + name_of(measure, f"{one} of assessed", day)
    if window.change.reliable == "no_change":
        yield name_of(measure, "no_change", day)


def _outcomes(change: Change) -> Iterator[tuple[str, bool]]:
    yield "response", change.is_response
    yield "remission", change.is_remission
    yield "improved", change.reliable == "improved"
    yield "worse", change.reliable == "worse"


def _band(before: int) -> str:
    return next(f"{low}-{high}" for low, high in BANDS if low <= before <= high)


def _of_what_lasted(result: CourseResult) -> Iterator[str]:
    if result.lasting is None:
        yield f"{UNPRINTED}responded"
        return
    yield "responded"
    if result.lasting.relapse is not None:
        yield "relapsed"
    else:
        yield "held" if result.lasting.is_followed else "not_followed"


def _ended_as(window: WindowResult) -> str:
    match window.standing:
        case Standing.NO_BASELINE | Standing.BELOW:
            return "not_counted"
        case Standing.NOT_DUE:
            return "not_due"
        case Standing.MISSING:
            return "missing"
        case Standing.ASSESSED:
            improved = window.change is not None and window.change.reliable == "improved"
            return "improved" if improved else "other"


# How the counts hang together


def sums_of(paths: Sequence[tuple[str, str]]) -> Iterator[Sum]:
    """Every sum by which one count follows from others."""
    for name in SAID:
        yield Sum("began", (name, f"{UNPRINTED}{name}"))
    for measure in MEASURES.values():
        eligible = name_of(measure, "eligible")
        below, none = name_of(measure, "below"), name_of(measure, "no_baseline")
        yield Sum("began", (none, below, eligible))
        for window in WINDOWS:
            yield from _sums_of_a_window(measure, eligible, window.day)
    yield Sum(name_of(PHQ9, "eligible"), ("responded", f"{UNPRINTED}responded"))
    yield Sum("responded", ("relapsed", "held", "not_followed"))
    yield from _sums_of_paths(paths)


def _sums_of_a_window(measure: Measure, eligible: str, day: int) -> Iterator[Sum]:
    due, assessed, missing, not_due = (
        name_of(measure, one, day) for one in ("due", "assessed", "missing", "not_due")
    )
    yield Sum(eligible, (not_due, due))
    yield Sum(due, (assessed, missing))
    for one in OUTCOMES:
        name = name_of(measure, one, day)
        rest = UNPRINTED + name_of(measure, f"{one} of assessed", day)
        yield Sum(due, (name, UNPRINTED + name))
        yield Sum(assessed, (name, rest))
        yield Sum(UNPRINTED + name, (rest, missing))
    yield Sum(
        assessed, tuple(name_of(measure, one, day) for one in ("improved", "no_change", "worse"))
    )
    if measure is PHQ9:
        bands = (name_of(measure, f"missing {low}-{high}", day) for low, high in BANDS)
        yield Sum(missing, tuple(bands))


def _sums_of_paths(paths: Sequence[tuple[str, str]]) -> Iterator[Sum]:
    """What was led to and chosen, by what came of it: rows and columns add up."""
    if not paths:
        return
    yield Sum("began", tuple(name_of_path(*one) for one in paths))
    for one in paths:
        yield Sum(name_of_path(*one), tuple(name_of_path(*one, end) for end in PATH_ENDS))
    columns = {
        "improved": (name_of(PHQ9, "improved", MAIN_DAY),),
        "missing": (name_of(PHQ9, "missing", MAIN_DAY),),
        "not_due": (name_of(PHQ9, "not_due", MAIN_DAY),),
    }
    for end, (whole,) in columns.items():
        yield Sum(whole, tuple(name_of_path(*one, end) for one in paths))
    others = tuple(name_of_path(*one, "other") for one in paths)
    rest = UNPRINTED + name_of(PHQ9, "improved of assessed", MAIN_DAY)
    yield Sum(rest, others)
    yield Sum(UNCOUNTED, (name_of(PHQ9, "no_baseline"), name_of(PHQ9, "below")))
    yield Sum(UNCOUNTED, tuple(name_of_path(*one, "not_counted") for one in paths))
