"""Results of several sources under one axis: the drawing, and the same as a table."""

from __future__ import annotations

from dataclasses import dataclass

from evidence.charts.charts import Panel, draw_panel
from evidence.charts.drawable import Group, Scale, scale_of
from evidence.charts.words import interval_in_words
from evidence.domain.entries import EvidenceBase, Source
from evidence.domain.parts import Result
from evidence.guide.model import Comparison, result_of
from evidence.presenters.source import SourceView, present_source

TOO_FEW = 2
"""With fewer results left there is nothing to compare."""


@dataclass(frozen=True)
class ComparedRow:
    """One result as a row of the table. people: how many the source studied, where known."""

    view: SourceView
    group: str
    value: str
    interval: str
    people: str


@dataclass(frozen=True)
class ComparisonView:
    """A comparison as drawn and as a table. left_out: labels of sources that no longer count."""

    id: str
    title: str
    panels: tuple[Panel, ...]
    rows: tuple[ComparedRow, ...]
    left_out: tuple[str, ...]


def present_comparison(comparison: Comparison, evidence: EvidenceBase) -> ComparisonView | None:
    """The comparison with the results that count; None where fewer than two are left."""
    named = [(row.source, result_of(row, evidence)) for row in comparison.rows]
    found = [
        (evidence.source(key), result)
        for key, result in named
        if result is not None and scale_of(result) and not evidence.is_retracted(key)
    ]
    scales = {scale for _, result in found if (scale := scale_of(result))}
    if len(found) < TOO_FEW or len(scales) > 1:
        return None
    out = dict.fromkeys(evidence.source(key).label for key, _ in named if evidence.has_source(key))
    for source, _ in found:
        out.pop(source.label, None)
    return ComparisonView(
        id=comparison.id,
        title=comparison.title,
        panels=(_panel(comparison, found, scales.pop()),),
        rows=tuple(_row(source, result) for source, result in found),
        left_out=tuple(out),
    )


def _panel(comparison: Comparison, found: list[tuple[Source, Result]], scale: Scale) -> Panel:
    group = Group(
        scale=scale,
        title=comparison.title,
        shared=(),
        results=tuple(result for _, result in found),
        labels=tuple(_label(source, result) for source, result in found),
    )
    return draw_panel(f"compare-{comparison.id}", group, [source.n for source, _ in found])


def _label(source: Source, result: Result) -> str:
    parts = (f"{source.label}: {result.arm}", result.timepoint, _people(source))
    return ", ".join(part for part in parts if part)


def _people(source: Source) -> str:
    return "" if source.n is None else f"{source.n:,} people in the study"


def _row(source: Source, result: Result) -> ComparedRow:
    counts = f", {result.events} of {result.total}" if result.events is not None else ""
    return ComparedRow(
        view=present_source(source),
        group=", ".join(part for part in (result.arm, result.timepoint) if part),
        value=f"{result.value:g} {result.unit}{counts}" if result.value is not None else "",
        interval=interval_in_words(result),
        people="not stated" if source.n is None else f"{source.n:,}",
    )
