"""The plan as a picture of its months: every place worked out, so that a template only prints.

Drawn in ink alone: hatching is TMS, black is ketamine, a cross is a closed day, a thick frame is
a day with both.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from decisions.documents.plan.schedule import (
    DAYS_OF_WEEK,
    ONE_DAY,
    ONE_WEEK,
    PlanAsked,
    Planned,
    Visit,
    week_of,
)

CELL_WIDTH, CELL_HEIGHT, HEAD_HEIGHT, FOOT_HEIGHT = 44, 54, 22, 24
WIDTH = DAYS_OF_WEEK * CELL_WIDTH
WEEKDAY_NAMES = ("Su", "Mo", "Tu", "We", "Th", "Fr", "Sa")
LONGEST_LABEL = 3
"""Letters that fit into a cell beside its pattern."""


@dataclass(frozen=True)
class Cell:
    """One day of a month, at its upper left corner."""

    x: int
    y: int
    number: int
    tms: str
    ketamine: str
    is_closed: bool

    @property
    def is_shared(self) -> bool:
        """Whether both treatments fall on it."""
        return bool(self.tms and self.ketamine)


@dataclass(frozen=True)
class Month:
    """One month: its name, what it shows in words, and its cells."""

    id: str
    title: str
    description: str
    cells: tuple[Cell, ...]
    heads: tuple[tuple[int, str], ...]
    height: int
    foot_y: int
    width: int = WIDTH


def draw_months(asked: PlanAsked, planned: Planned) -> tuple[Month, ...]:
    """The months that have a visit, in order."""
    firsts = dict.fromkeys(one.day.replace(day=1) for one in planned.visits)
    return tuple(_month(first, asked, planned) for first in firsts)


def _month(first: date, asked: PlanAsked, planned: Planned) -> Month:
    days = list(_days_of(first))
    tms = {one.day: _label("T", one) for one in planned.tms}
    ketamine = {one.day: _label("K", one) for one in planned.ketamine}
    cells = tuple(_cell(day, tms, ketamine, asked.closed_days) for day in days)
    foot = HEAD_HEIGHT + _row_of(days[-1]) * CELL_HEIGHT + CELL_HEIGHT
    middle = CELL_WIDTH // 2
    return Month(
        id=f"month-{first:%Y-%m}",
        title=f"{first:%B %Y}",
        description=_description(cells),
        cells=cells,
        heads=tuple(
            (place * CELL_WIDTH + middle, name) for place, name in enumerate(WEEKDAY_NAMES)
        ),
        height=foot + FOOT_HEIGHT,
        foot_y=foot + FOOT_HEIGHT - 6,
    )


def _days_of(first: date) -> Iterator[date]:
    day = first
    while day.month == first.month:
        yield day
        day += ONE_DAY


def _row_of(day: date) -> int:
    """Which row of its month a day stands in, from 0."""
    return (week_of(day) - week_of(day.replace(day=1))) // ONE_WEEK


def _label(letter: str, visit: Visit) -> str:
    """T12, or T×3 where a day has more sessions; the letter alone where there is no room."""
    label = f"{letter}{visit.first}" if visit.sessions == 1 else f"{letter}×{visit.sessions}"
    return label if len(label) <= LONGEST_LABEL else letter


def _cell(
    day: date, tms: Mapping[date, str], ketamine: Mapping[date, str], closed: Iterable[date]
) -> Cell:
    return Cell(
        x=(day - week_of(day)).days * CELL_WIDTH,
        y=HEAD_HEIGHT + _row_of(day) * CELL_HEIGHT,
        number=day.day,
        tms=tms.get(day, ""),
        ketamine=ketamine.get(day, ""),
        is_closed=day in closed,
    )


def _description(cells: Iterable[Cell]) -> str:
    groups = {
        "TMS": [one for one in cells if one.tms],
        "Ketamine": [one for one in cells if one.ketamine],
        "Both on one day": [one for one in cells if one.is_shared],
        "Closed": [one for one in cells if one.is_closed],
    }
    said = (
        f"{name}: {', '.join(str(one.number) for one in found)}."
        for name, found in groups.items()
        if found
    )
    return " ".join(said)
