"""PHQ-9 and GAD-7: totals only when complete, bands at both edges, item 9 alone."""

import pytest

from decisions.rules.loading import load_edition
from decisions.rules.questionnaire.instruments import (
    Instrument,
    InstrumentError,
    Scores,
    band_of,
    score_items,
    score_total,
)
from tests.collecting import for_each


def instrument(name: str) -> Instrument:
    return next(one for one in load_edition().instruments if one.id == name)


@for_each(
    ("total", "band"),
    [
        (0, "minimal"),
        (4, "minimal"),
        (5, "mild"),
        (9, "mild"),
        (10, "moderate"),
        (14, "moderate"),
        (15, "moderately_severe"),
        (19, "moderately_severe"),
        (20, "severe"),
        (27, "severe"),
    ],
)
def test_band_of_phq9(total: int, band: str) -> None:
    assert band_of(instrument("phq9"), total).id == band


@for_each(
    ("total", "band"),
    [
        (0, "minimal"),
        (4, "minimal"),
        (5, "mild"),
        (9, "mild"),
        (10, "moderate"),
        (14, "moderate"),
        (15, "severe"),
        (21, "severe"),
    ],
)
def test_band_of_gad7(total: int, band: str) -> None:
    assert band_of(instrument("gad7"), total).id == band


@pytest.mark.parametrize("total", [-1, 28])
def test_band_of_outside_the_range_is_refused(total: int) -> None:
    with pytest.raises(InstrumentError):
        band_of(instrument("phq9"), total)


def test_score_items_complete_gives_the_total() -> None:
    scores = score_items(instrument("phq9"), (3, 3, 3, 3, 3, 3, 3, 3, 1))

    assert (scores.total, scores.item(9), scores.items_answered) == (25, 1, 9)


@for_each("missing", range(9))
def test_score_items_with_one_missing_has_no_total(missing: int) -> None:
    items = tuple(None if place == missing else 2 for place in range(9))

    scores = score_items(instrument("phq9"), items)

    assert scores.total is None
    assert scores.items_answered == 8
    assert scores.item(9) == (None if missing == 8 else 2)


@for_each("items", [(), (0,) * 8, (0,) * 10, (0,) * 8 + (4,), (-1,) + (0,) * 8])
def test_score_items_of_another_shape_is_refused(items: tuple[int, ...]) -> None:
    with pytest.raises(InstrumentError):
        score_items(instrument("phq9"), items)


@for_each(("total", "item9"), [(0, 0), (27, 3), (24, 0), (3, 3), (25, 1), (15, None)])
def test_score_total_that_its_item9_allows(total: int, item9: int | None) -> None:
    scores = score_total(instrument("phq9"), total, item9)

    assert (scores.total, scores.item(9)) == (total, item9)


@for_each(("total", "item9"), [(28, None), (-1, None), (25, 0), (2, 3), (27, 2), (10, 4), (10, -1)])
def test_score_total_that_cannot_be_is_refused(total: int, item9: int | None) -> None:
    with pytest.raises(InstrumentError):
        score_total(instrument("phq9"), total, item9)


def test_entered_total_knows_no_single_item_but_item9() -> None:
    assert Scores(entered_total=10, entered_item9=2).item(1) is None


def test_lowest_answer_reads_as_the_instrument_says() -> None:
    for name in ("phq9", "gad7"):
        assert instrument(name).options[0].text == "Not at all"
