"""Guideline positions through the years: one axis of years for each treatment."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from evidence.charts.axes import Axis, year_axis
from evidence.charts.charts import (
    AXIS_HEIGHT,
    Drawn,
    Panel,
    Tick,
    percent,
    with_square,
    words_of_row,
)
from evidence.domain.entries import EvidenceBase, Position
from evidence.presenters.position_words import stance_in_words, treatment_in_words

SIDE = 10.0
"""Side of every mark in pixels: a guideline has no size."""


@dataclass(frozen=True)
class Told:
    """One position as a row of the table."""

    year: str
    organisation: str
    stance: str
    indication: str


@dataclass(frozen=True)
class Timeline:
    """The positions on one treatment, the oldest first, drawn and told; those without a year are
    told only."""

    id: str
    treatment: str
    panels: tuple[Panel, ...]
    rows: tuple[Told, ...]


def timelines(evidence: EvidenceBase) -> tuple[Timeline, ...]:
    """A timeline for each treatment that two guidelines speak of, without withdrawn positions."""
    treatments = dict.fromkeys(one.treatment for one in evidence.positions)
    found = [(one, _positions(one, evidence)) for one in treatments]
    return tuple(
        _timeline(treatment, positions)
        for treatment, positions in found
        if len({one.guideline for one in positions}) > 1
    )


def _positions(treatment: str, evidence: EvidenceBase) -> list[Position]:
    own = [
        one
        for one in evidence.positions
        if one.treatment == treatment and not evidence.is_position_withdrawn(one.id)
    ]
    return sorted(own, key=lambda one: (one.year or 0, one.organisation))


def _timeline(treatment: str, positions: Sequence[Position]) -> Timeline:
    dated = [one for one in positions if one.year is not None]
    title = treatment_in_words(treatment)
    name = f"timeline-{treatment.replace('_', '-')}"
    return Timeline(
        id=name,
        treatment=title,
        panels=(_panel(name, f"Guidelines: {title}", dated),) if dated else (),
        rows=tuple(_told(one) for one in positions),
    )


def _told(position: Position) -> Told:
    return Told(
        year="no year" if position.year is None else str(position.year),
        organisation=position.organisation,
        stance=stance_in_words(position),
        indication=position.indication,
    )


def _panel(name: str, title: str, positions: Sequence[Position]) -> Panel:
    axis = year_axis(one.year for one in positions if one.year is not None)
    rows: list[Drawn] = []
    for one in positions:
        rows.append(_row(one, axis, top=rows[-1].end if rows else 0))
    end = rows[-1].end
    return Panel(
        id=name,
        title=title,
        subtitle="",
        description=" ".join(f"{_who(one)}: {one.indication}." for one in positions),
        axis_name="Year of the guideline",
        rows=tuple(rows),
        ticks=tuple(Tick(f"{tick:g}", percent(axis.at(tick))) for tick in axis.ticks),
        line="",
        toward_left="",
        toward_right="",
        axis_y=end,
        height=end + AXIS_HEIGHT,
    )


def _row(position: Position, axis: Axis, *, top: int) -> Drawn:
    row = words_of_row(_who(position), (position.indication,), top=top)
    return with_square(row, axis.at(position.year or 0), SIDE)


def _who(position: Position) -> str:
    return f"{position.organisation} {position.year}: {stance_in_words(position)}"
