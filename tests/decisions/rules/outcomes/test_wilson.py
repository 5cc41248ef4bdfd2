"""Wilson's interval: against golden values, and against its definition solved another way."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from decisions.rules.outcomes.wilson import Share, Z, wilson
from tests.collecting import for_each

KEPT = Path(__file__).with_name("wilson.json")
GOLDEN = [
    (0, 12, "0.0", "24.2"),
    (12, 12, "75.8", "100.0"),
    (485, 546, "85.9", "91.2"),
    (1, 1, "20.7", "100.0"),
    (15, 30, "33.2", "66.8"),
]


def share_of(count: int, of: int) -> Share:
    found = wilson(count, of)
    assert found is not None
    return found


@for_each(("count", "of", "low", "high"), GOLDEN)
def test_golden_values(count: int, of: int, low: str, high: str) -> None:
    found = share_of(count, of)

    assert (f"{100 * found.low:.1f}", f"{100 * found.high:.1f}") == (low, high)


def test_each_limit_is_the_share_that_chance_just_leaves_open() -> None:
    """A limit solves (p - x)² = z² x (1 - x) / n, for every count."""
    for of in (*range(1, 60), 99, 150, 299):
        for count in range(of + 1):
            found, share = share_of(count, of), count / of
            assert 0 <= found.low <= share <= found.high <= 1
            for limit in (found.low, found.high):
                assert (share - limit) ** 2 == pytest.approx(
                    Z * Z * limit * (1 - limit) / of, rel=1e-6, abs=1e-12
                )


def test_statsmodels_says_the_same() -> None:
    """Its numbers are written by script/measure/wilson_again.py."""
    kept = json.loads(KEPT.read_text(encoding="utf-8"))

    assert len(kept) > 700
    for name, limits in kept.items():
        found = share_of(*map(int, name.split("/")))
        assert [found.low, found.high] == pytest.approx(limits, abs=1e-7), name


def test_nobody_is_no_share() -> None:
    assert wilson(0, 0) is None
    for count, of in ((-1, 3), (4, 3)):
        with pytest.raises(ValueError, match="no share"):
            wilson(count, of)
