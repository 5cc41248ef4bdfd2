"""Odd numbers are named, and sound ones are not."""

from __future__ import annotations

from typing import Any

import pytest

from evidence.loading import load_dossier
from evidence.oddities import odd_numbers, oddities_of
from tests.evidence.evidence_factories import make_result


@pytest.mark.parametrize(
    ("fields", "problem"),
    [
        ({"value": -6.1, "ci_low": 1, "ci_high": 11, "unit": "points"}, "outside its interval"),
        ({"value": 2, "ci_low": 3, "ci_high": 1, "unit": "points"}, "runs backward"),
        ({"value_low": 50, "value_high": 40}, "runs backward"),
        ({"value": 101}, "not between 0 and 100"),
        ({"value": -1}, "not between 0 and 100"),
        ({"value": 50, "events": 5, "total": 4}, "5 of 4 cannot be"),
        ({"value": 0, "events": 0, "total": 0}, "0 of 0 cannot be"),
        ({"value": 60, "events": 5, "total": 10}, "5 of 10 is 50.0 percent, not 60"),
    ],
)
def test_odd_number_is_named(fields: dict[str, Any], problem: str) -> None:
    assert any(problem in said for said in oddities_of(make_result(**fields)))


@pytest.mark.parametrize(
    "fields",
    [
        {"value": 0},
        {"value": 100},
        {"value": 1, "ci_low": 1, "ci_high": 2, "unit": "odds ratio"},
        {"value": 28, "events": 13, "total": 47},
        {"value": 120, "unit": "points"},
        {"value": -14.2, "unit": "percentage points"},
        {"value_text": "no difference", "unit": None},
    ],
)
def test_sound_number_is_not_named(fields: dict[str, Any]) -> None:
    assert list(oddities_of(make_result(**fields))) == []


def test_own_dossier_has_the_one_that_its_note_names() -> None:
    said = [sentence for source in load_dossier().sources for sentence in odd_numbers(source)]

    assert [sentence.partition(":")[0] for sentence in said] == ["glue-2024"]
