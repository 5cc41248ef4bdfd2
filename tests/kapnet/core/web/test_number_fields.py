"""Numbers as papers print them are read; what could be two numbers is refused."""

from __future__ import annotations

import pytest
from django import forms

from kapnet.core.web.number_fields import PrintedFloat, PrintedInteger
from tests.collecting import for_each

WRITTEN = {
    "0.45": 0.45,
    " 0·45 ": 0.45,
    "−0.5": -0.5,
    "–0·5": -0.5,
    "-3": -3.0,
    "1,203": 1203.0,
    "12 345.5": 12345.5,
    "1\u2009203\u2009456": 1203456.0,
}
REFUSED = ("0,45", "1,20", "1,203 4", "12,34,567", "1·2·3", "--1", "0.4 to 0.5", "n/a", "1e400")


@for_each(("text", "number"), WRITTEN.items())
def test_number_is_read_as_it_is_printed(text: str, number: float) -> None:
    assert PrintedFloat().clean(text) == number


@for_each("text", REFUSED)
def test_what_is_no_one_number_is_refused(text: str) -> None:
    with pytest.raises(forms.ValidationError):
        PrintedFloat().clean(text)


def test_whole_number_is_read_and_a_part_of_one_refused() -> None:
    assert PrintedInteger().clean("1,203") == 1203
    with pytest.raises(forms.ValidationError):
        PrintedInteger().clean("1·5")
