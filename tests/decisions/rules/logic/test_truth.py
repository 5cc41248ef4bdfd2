"""The truth tables of Kleene's strong logic, whole."""

from itertools import product

import pytest

from decisions.rules.logic.truth import Truth, all_of, any_of, negate, truth_of
from tests.collecting import for_each

T, U, F = Truth.TRUE, Truth.UNKNOWN, Truth.FALSE


@for_each(
    ("left", "right", "both", "either"),
    [
        (T, T, T, T),
        (T, U, U, T),
        (T, F, F, T),
        (U, T, U, T),
        (U, U, U, U),
        (U, F, F, U),
        (F, T, F, T),
        (F, U, F, U),
        (F, F, F, F),
    ],
)
def test_all_and_any_of_two(left: Truth, right: Truth, both: Truth, either: Truth) -> None:
    assert all_of([left, right]) is both
    assert any_of([left, right]) is either


@pytest.mark.parametrize(("truth", "negated"), [(T, F), (U, U), (F, T)])
def test_negate(truth: Truth, negated: Truth) -> None:
    assert negate(truth) is negated


def test_all_of_nothing_is_true_and_any_of_nothing_is_false() -> None:
    assert all_of([]) is T
    assert any_of([]) is F


def test_truth_of_what_is_known() -> None:
    assert truth_of(True) is T
    assert truth_of(False) is F


@for_each("parts", list(product([T, U, F], repeat=3)))
def test_de_morgan_holds_for_three_values(parts: tuple[Truth, ...]) -> None:
    assert negate(all_of(parts)) is any_of(negate(part) for part in parts)
    assert negate(any_of(parts)) is all_of(negate(part) for part in parts)
