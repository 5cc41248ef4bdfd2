"""Sums as whole numbers: nothing is lost, and adding numbers adds what they count."""

from __future__ import annotations

from random import Random

from decisions.rules.engine.rules import OPTIONS, OptionId
from decisions.rules.engine.verdicts import Tallies, Tally
from decisions.rules.sensitivity.sums import sums_of, sums_of_preference, tallies_in
from tests.collecting import for_each

MOST = 400
"""More than all rules of an edition weigh."""


def random_counts(rng: Random) -> list[int]:
    return [rng.randint(-MOST, MOST) for _ in range(8 * len(OPTIONS) + 1)]


def tallies(counts: list[int]) -> Tallies:
    *of_options, urgent = counts
    return Tallies(
        {option: Tally(*of_options[n * 8 : n * 8 + 8]) for n, option in enumerate(OPTIONS)}, urgent
    )


def test_sums_are_added_count_by_count_and_read_as_they_were() -> None:
    rng = Random(1)

    for _ in range(200):
        one, other = random_counts(rng), random_counts(rng)
        both = [a + b for a, b in zip(one, other, strict=True)]

        assert sums_of(tallies(one)) + sums_of(tallies(other)) == sums_of(tallies(both))
        assert tallies_in(sums_of(tallies(both))) == (tallies(both), "none")


@for_each("preference", [*OptionId, "none"])
def test_preference_is_read_as_it_was(preference: str) -> None:
    counted = tallies(random_counts(Random(2)))

    read = tallies_in(sums_of(counted) + sums_of_preference(preference))

    assert read == (counted, preference)
