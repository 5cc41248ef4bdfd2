"""Drawings of what a source found: every coordinate worked out, so that a template only prints.

Horizontal places are in percent of the width and vertical ones in pixels, so that the letters
keep their size on any screen.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from textwrap import wrap

from evidence.charts import axes
from evidence.charts.axes import Axis
from evidence.charts.drawable import Group, Scale, groups_of
from evidence.charts.words import (
    axis_name_of,
    description_of,
    detail_of,
    directions_of,
    interval_of,
    subtitle_of,
)
from evidence.domain.entries import Source
from evidence.domain.parts import Result
from evidence.domain.plausibility import is_inside

LABEL_LENGTH = 36
"""Letters of a label that fit beside each other on the narrowest screen."""

LINE_HEIGHT, ROW_GAP, BAR_HEIGHT, AXIS_HEIGHT = 18, 10, 24, 26
SMALLEST_SIDE, LARGEST_SIDE = 6.0, 18.0
SIDE_PER_ROOT = 0.8
"""Side of a square in pixels by the square root of the number of people."""

PEOPLE_IN_ARM = re.compile(r"\(n ?= ?([\d,]+)\)")


@dataclass(frozen=True)
class Line:
    """One line of text at a height."""

    text: str
    y: int


@dataclass(frozen=True)
class Drawn:
    """One result: its words, the square, and the bar of its interval or of its range."""

    labels: tuple[Line, ...]
    details: tuple[Line, ...]
    y: int
    x: str = ""
    side: str = ""
    offset: str = ""
    square_y: str = ""
    low: str = ""
    high: str = ""
    width: str = ""
    is_range: bool = False

    @property
    def cap_top(self) -> int:
        """Upper end of the strokes that close an interval."""
        return self.y - 6

    @property
    def cap_bottom(self) -> int:
        """Lower end of the strokes that close an interval."""
        return self.y + 6

    @property
    def end(self) -> int:
        """Where the next row starts."""
        return self.y + BAR_HEIGHT // 2 + ROW_GAP

    @property
    def band_top(self) -> int:
        """Upper end of the grid behind this row."""
        return self.y - BAR_HEIGHT // 2

    @property
    def band_bottom(self) -> int:
        """Lower end of the grid behind this row."""
        return self.y + BAR_HEIGHT // 2


@dataclass(frozen=True)
class Tick:
    """A number under the axis."""

    label: str
    x: str


@dataclass(frozen=True)
class Panel:
    """One axis with the results that share it."""

    id: str
    title: str
    subtitle: str
    description: str
    axis_name: str
    rows: tuple[Drawn, ...]
    ticks: tuple[Tick, ...]
    line: str
    toward_left: str
    toward_right: str
    axis_y: int
    height: int

    @property
    def tick_y(self) -> int:
        """Baseline of the numbers under the axis."""
        return self.axis_y + 18

    @property
    def left_y(self) -> int:
        """Baseline of the words for the left direction."""
        return self.axis_y + 40

    @property
    def right_y(self) -> int:
        """Baseline of the words for the right direction."""
        return self.axis_y + 60


@dataclass(frozen=True)
class Chart:
    """What can be drawn of one source; false where there is nothing."""

    panels: tuple[Panel, ...] = field(default=())

    def __bool__(self) -> bool:
        return bool(self.panels)


def chart_of(source: Source) -> Chart:
    """The drawing of a source; of a recorded one, too. Nothing of two sources is ever pooled."""
    return Chart(
        tuple(
            draw_panel(f"chart-{source.key}-{number}", group, [source.n] * len(group.results))
            for number, group in enumerate(groups_of(source), start=1)
        )
    )


# Panels


def draw_panel(panel_id: str, group: Group, studied: Sequence[int | None]) -> Panel:
    """One axis with its results. studied: how many people each result's source studied."""
    axis = _axis(group)
    rows, y = [], 0
    for label, result, size in zip(group.labels, group.results, studied, strict=True):
        people = _people(result, None if axis.line is None else size)
        rows.append(_row(label, result, axis, top=y, people=people))
        y = rows[-1].end
    left, right = directions_of(group)
    return Panel(
        id=panel_id,
        title=group.title,
        subtitle=subtitle_of(group),
        description=description_of(group),
        axis_name=axis_name_of(group),
        rows=tuple(rows),
        ticks=tuple(Tick(f"{tick:g}", percent(axis.at(tick))) for tick in axis.ticks),
        line="" if axis.line is None else percent(axis.at(axis.line)),
        toward_left=left,
        toward_right=right,
        axis_y=y,
        height=y + AXIS_HEIGHT + (40 if left else 0),
    )


def _axis(group: Group) -> Axis:
    numbers = [number for result in group.results for number in _drawn_numbers(result)]
    match group.scale:
        case Scale.PERCENT:
            return axes.percent_axis()
        case Scale.RATE:
            return axes.rate_axis(numbers)
        case Scale.RATIO:
            return axes.ratio_axis(numbers)
        case Scale.DIFFERENCE:
            return axes.difference_axis(numbers)


def _drawn_numbers(result: Result) -> list[float]:
    ends = (*(_drawn_interval(result) or ()), result.value_low, result.value_high)
    return [number for number in (result.value, *ends) if number is not None]


def _drawn_interval(result: Result) -> tuple[float, float] | None:
    """The interval, unless it does not hold its value: then it is only told."""
    interval = interval_of(result)
    if interval is None or result.value is None or not is_inside(result.value, *interval):
        return None
    return interval


def _people(result: Result, in_comparison: int | None) -> int | None:
    """How many people a number is of; a group of unknown size gets the smallest square."""
    if result.total:
        return result.total
    in_arm = PEOPLE_IN_ARM.search(f"{result.arm or ''} {result.measure}")
    return int(in_arm[1].replace(",", "")) if in_arm else in_comparison


def _row(label: str, result: Result, axis: Axis, *, top: int, people: int | None) -> Drawn:
    row = words_of_row(label, detail_of(result), top=top)
    if result.value is not None:
        side = min(LARGEST_SIDE, max(SMALLEST_SIDE, SIDE_PER_ROOT * math.sqrt(people or 0)))
        row = with_square(row, axis.at(result.value), side)
    return _with_bar(row, result, axis)


def words_of_row(label: str, details: Iterable[str], *, top: int) -> Drawn:
    """A row with its words and nothing drawn yet; `top` is where the row before it ends."""
    labels = wrap(label, LABEL_LENGTH)
    more = [part for text in details for part in wrap(text, LABEL_LENGTH + 6)]
    lines = [Line(text, top + (row + 1) * LINE_HEIGHT) for row, text in enumerate(labels + more)]
    return Drawn(
        labels=tuple(lines[: len(labels)]),
        details=tuple(lines[len(labels) :]),
        y=lines[-1].y + BAR_HEIGHT // 2 + 4,
    )


def with_square(row: Drawn, place: float, side: float) -> Drawn:
    """The row with a square of this side in pixels, its middle at a place in percent."""
    return replace(
        row,
        x=percent(place),
        side=f"{side:.1f}",
        offset=f"{-side / 2:.1f}",
        square_y=f"{row.y - side / 2:.1f}",
    )


def _with_bar(row: Drawn, result: Result, axis: Axis) -> Drawn:
    ends = _drawn_interval(result)
    is_range = result.value is None
    if is_range and result.value_low is not None and result.value_high is not None:
        ends = (result.value_low, result.value_high)
    if ends is None:
        return row
    low, high = axis.at(ends[0]), axis.at(ends[1])
    return replace(
        row, low=percent(low), high=percent(high), width=percent(high - low), is_range=is_range
    )


def percent(place: float) -> str:
    """A horizontal place as SVG takes it."""
    return f"{place:.2f}%"
