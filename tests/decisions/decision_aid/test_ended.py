"""A rule that has ended: the sheet says so beside the lines and figures that rest on it."""

from __future__ import annotations

from datetime import timedelta

from decisions.decision_aid.reading import FigureView, LineView
from decisions.decision_aid.rendering import sheet_html
from evidence.loading import load_dossier
from tests.decisions.decision_aid.sheet_factories import IN_TIME, own_view
from tests.evidence.evidence_factories import with_source

SAYS = "This rule has ended; check."


def test_line_and_figure_say_that_their_rule_has_ended() -> None:
    yesterday = IN_TIME - timedelta(days=1)
    evidence = with_source(load_dossier(), "shanok-2024", valid_until=yesterday)

    before, after = own_view(), own_view(evidence=evidence)

    assert SAYS not in sheet_html(before)
    assert SAYS in sheet_html(after)
    cells = [cell for table in after.tables for row in table.rows for cell in row.cells]
    said: list[FigureView | LineView] = [
        *(one for cell in cells for one in cell.figures if one.ended),
        *(one for cell in cells for one in cell.lines if one.ended),
    ]
    number = next(one.number for one in after.references if one.view.source.key == "shanok-2024")
    assert said
    assert all(number in one.references for one in said)
