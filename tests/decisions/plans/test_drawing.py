"""The picture of a plan: every place worked out, nothing said by color."""

from __future__ import annotations

from typing import Any

import pytest

from decisions.documents.plan.schedule import lay_out
from decisions.plans.drawing import CELL_HEIGHT, CELL_WIDTH, HEAD_HEIGHT, Cell, Month, draw_months
from tests.decisions.plans.plan_factories import asked


def months(**changes: Any) -> list[Month]:
    plan = asked(**changes)
    return list(draw_months(plan, lay_out(plan)))


def cell(month: Month, number: int) -> Cell:
    return next(one for one in month.cells if one.number == number)


def test_months_with_a_visit_are_drawn() -> None:
    titles = [one.title for one in months(ketamine_days=["2027-04-01"], ketamine_sessions=None)]

    assert titles == ["November 2026", "December 2026", "January 2027", "April 2027"]


def test_plan_without_days_has_no_picture() -> None:
    assert months(tms_sessions=0, taper=(), ketamine_sessions=0) == []


@pytest.mark.parametrize(("day", "column", "row"), [(1, 2, 0), (5, 6, 0), (6, 0, 1), (31, 4, 4)])
def test_day_stands_in_its_week(day: int, column: int, row: int) -> None:
    found = cell(months()[1], day)

    assert (found.x, found.y) == (column * CELL_WIDTH, HEAD_HEIGHT + row * CELL_HEIGHT)


def test_cell_says_what_falls_on_it() -> None:
    december = months(keep_apart=False)[1]

    assert (cell(december, 1).tms, cell(december, 1).is_shared) == ("T2", False)
    assert (cell(december, 2).tms, cell(december, 2).ketamine) == ("T3", "K1")
    assert cell(december, 2).is_shared
    assert cell(december, 24).is_closed


def test_description_says_the_same() -> None:
    said = months(keep_apart=False)[1].description

    assert said.startswith("TMS: 1, 2, 3, 4, 7,")
    assert "Ketamine: 2, 9, 16, 23." in said
    assert "Both on one day: 2, 9, 16, 23." in said
    assert said.endswith("Closed: 24, 25.")


@pytest.mark.parametrize(
    ("changes", "label"),
    [({"tms_a_day": 5}, "T×5"), ({"tms_a_day": 10}, "T"), ({"tms_sessions": 1}, "T1")],
)
def test_label_fits_into_its_cell(changes: dict[str, Any], label: str) -> None:
    assert cell(months(**changes)[0], 30).tms == label


def test_hundredth_session_has_its_letter() -> None:
    labels = {one.tms for month in months(tms_sessions=100, taper=()) for one in month.cells}

    assert {"T99", "T"} <= labels
    assert "T100" not in labels
