"""The picture of a hundred people."""

from __future__ import annotations

from decisions.decision_aid.drawing import draw_people


def test_picture_has_as_many_filled_squares_as_people() -> None:
    picture = draw_people(filled=27, up_to=27, title="T")

    assert picture.filled.count("M") == 27
    assert picture.half == ""
    assert picture.outlines.count("M") == 100


def test_span_is_half_filled() -> None:
    picture = draw_people(filled=61, up_to=75, title="T")

    assert (picture.filled.count("M"), picture.half.count("M")) == (61, 14)
    assert picture.half.startswith("M11 65h8v4h-8z")


def test_nobody_and_everybody() -> None:
    assert draw_people(filled=0, up_to=0, title="T").filled == ""
    assert draw_people(filled=100, up_to=100, title="T").filled.count("M") == 100
