"""Drawings: what is drawn, where it stands, and what is said when it cannot be drawn."""

from __future__ import annotations

from typing import Any

import pytest
from django.template.loader import render_to_string

from evidence.charts.axes import difference_axis, percent_axis, rate_axis, ratio_axis
from evidence.charts.charts import chart_of
from evidence.charts.drawable import Scale, scale_of, wilson_interval
from evidence.domain.entries import Source
from evidence.loading import load_dossier
from tests.collecting import for_each
from tests.evidence.evidence_factories import make_result, make_source

RATIO = {"value": 2, "unit": "odds ratio", "ci_low": 1, "ci_high": 4}
DIFFERENCE = {"value": -2, "unit": "points", "arm": "A vs B", "ci_low": -4, "ci_high": 1}


def source_with(*results: dict[str, Any]) -> Source:
    return make_source(results=tuple(make_result(**fields) for fields in results), n=100)


@pytest.mark.parametrize(
    ("events", "total", "low", "high"),
    [(14, 18, 54.8, 91.0), (17, 27, 44.2, 78.5), (0, 10, 0.0, 27.8), (6, 6, 61.0, 100.0)],
)
def test_wilson_interval(events: int, total: int, low: float, high: float) -> None:
    assert wilson_interval(events, total) == pytest.approx((low, high), abs=0.05)


@for_each(
    ("fields", "scale"),
    [
        ({"value": 63}, Scale.PERCENT),
        ({"value_low": 40, "value_high": 50}, Scale.PERCENT),
        ({"value": 120}, None),
        ({"value_text": "under 5"}, None),
        (RATIO, Scale.RATIO),
        ({**RATIO, "ci_low": 0}, None),
        (DIFFERENCE, Scale.DIFFERENCE),
        ({**DIFFERENCE, "arm": "A"}, None),
        ({**DIFFERENCE, "ci_low": None, "ci_high": None}, None),
        ({"value": 1, "unit": "per 1,000 patients", "ci_low": 0, "ci_high": 2}, Scale.RATE),
        ({"value": 12, "unit": "days"}, None),
    ],
)
def test_what_can_be_drawn(fields: dict[str, Any], scale: Scale | None) -> None:
    assert scale_of(make_result(**fields)) is scale


def test_percent_axis_is_never_cut() -> None:
    axis = percent_axis()

    assert (axis.at(0), axis.at(50), axis.at(100)) == (4.0, 50.0, 96.0)


def test_difference_axis_holds_zero() -> None:
    axis = difference_axis([-9.9, -2.4])

    assert axis.line == 0
    assert axis.low <= -9.9
    assert axis.high >= 0


def test_ratio_axis_is_logarithmic_around_one() -> None:
    axis = ratio_axis([0.5, 2])

    assert axis.line == 1
    assert axis.at(1) == pytest.approx(50)


def test_ratio_axis_of_one_alone_has_a_width() -> None:
    assert ratio_axis([1]).low < ratio_axis([1]).high


def test_rate_axis_starts_at_zero() -> None:
    assert rate_axis([5.56, 9.95]).ticks[0] == 0


def test_arms_of_one_measure_share_an_axis() -> None:
    chart = chart_of(source_with({"arm": "A", "value": 60}, {"arm": "B", "value": 30}))

    assert [len(panel.rows) for panel in chart.panels] == [2]


def test_timepoints_of_one_arm_share_an_axis() -> None:
    months = ({"timepoint": f"{month} months", "value": 50} for month in (3, 6, 12))

    (panel,) = chart_of(source_with(*months)).panels

    assert [row.labels[0].text for row in panel.rows] == ["3 months", "6 months", "12 months"]


def test_grid_reaches_as_far_above_a_row_as_below() -> None:
    (panel,) = chart_of(source_with({"value": 63}, {"value": 40, "arm": "A"})).panels

    assert panel.rows
    assert all(row.y - row.band_top == row.band_bottom - row.y for row in panel.rows)


def test_other_measures_have_an_axis_of_their_own() -> None:
    chart = chart_of(source_with({"value": 60}, {"measure": "remission", "value": 30}))

    assert [panel.title for panel in chart.panels] == ["response", "remission"]


def test_scales_of_two_instruments_never_share_an_axis() -> None:
    measures = ("MADRS difference", "QIDS difference")

    chart = chart_of(source_with(*({**DIFFERENCE, "measure": one} for one in measures)))

    assert len(chart.panels) == 2


def test_interval_from_counts_is_called_ours() -> None:
    (panel,) = chart_of(source_with({"value": 77.8, "events": 14, "total": 18})).panels

    assert "95% interval 55 to 91, our arithmetic" in panel.description
    assert "our arithmetic" in panel.subtitle
    assert panel.rows[0].low


def test_missing_interval_is_said() -> None:
    (panel,) = chart_of(source_with({"value": 63})).panels

    assert "No interval given" in panel.description
    assert panel.rows[0].low == ""


def test_interval_that_misses_its_value_is_told_and_not_drawn() -> None:
    odd = {**DIFFERENCE, "value": -6.1, "ci_low": 1, "ci_high": 11.16}

    (panel,) = chart_of(source_with(odd)).panels

    assert "1 to 11.16 as printed, not around the value and not drawn" in panel.description
    assert panel.rows[0].low == ""


def test_directions_are_named_by_the_group() -> None:
    (panel,) = chart_of(source_with(DIFFERENCE)).panels

    assert (panel.toward_left, panel.toward_right) == ("← Lower with A", "Higher with A →")


def test_square_grows_with_the_root_of_people() -> None:
    rows = [{"arm": "A (n=400)", "value": 50}, {"arm": "B (n=100)", "value": 50}]

    (panel,) = chart_of(source_with(*rows)).panels

    big, small = (float(row.side) for row in panel.rows)
    assert big == pytest.approx(2 * small)


def test_nothing_to_draw_is_false() -> None:
    assert not chart_of(source_with({"value_text": "improved", "unit": None}))


def test_every_chart_of_the_dossier_stays_on_its_axis() -> None:
    for source in load_dossier().sources:
        for panel in chart_of(source).panels:
            for row in panel.rows:
                places = [float(one[:-1]) for one in (row.x, row.low, row.high) if one]
                assert all(4 <= place <= 96 for place in places), (source.key, panel.title)


def test_drawing_has_attributes_only() -> None:
    chart = chart_of(load_dossier().source("abbar-2022"))

    drawn = render_to_string("evidence/_chart.html", {"chart": chart})

    for svg in drawn.split("<svg")[1:]:
        svg = svg.partition("</svg>")[0]
        assert "style=" not in svg
        assert "class=" not in svg
        assert 'role="img"' in svg
        assert "<title" in svg
        assert "<desc" in svg
