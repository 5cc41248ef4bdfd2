"""Small numbers stay hidden: a solver finds at least two values for each of them."""

from __future__ import annotations

from random import Random

import z3

from decisions.rules.outcomes.cohort import Cohort, count
from decisions.rules.outcomes.hiding import SMALLEST_SHOWN, Sum, hidden
from tests.collecting import for_each
from tests.decisions.rules.outcomes.golden import golden_rows
from tests.decisions.rules.outcomes.test_cohort import rows_of_chance


def test_a_small_part_takes_a_second_one_with_it() -> None:
    counts = {"all": 60, "a": 30, "b": 26, "c": 4}

    assert hidden(counts, [Sum("all", ("a", "b", "c"))]) == {"b", "c"}


def test_what_is_small_but_never_printed_is_not_told_either() -> None:
    counts = {"due": 40, "yes": 36, "not yes": 4}

    found = hidden(counts, [Sum("due", ("yes", "not yes"))], never_shown={"not yes"})

    assert "yes" in found


def test_two_that_are_hidden_do_not_tell_what_they_are_together() -> None:
    counts = {"began": 40, "counted": 36, "none": 3, "below": 1, "not counted": 4}
    sums = [Sum("began", ("none", "below", "counted")), Sum("not counted", ("none", "below"))]

    assert hidden(counts, sums) == {"counted", "none", "below", "not counted"}


def test_nobody_and_enough_are_shown() -> None:
    counts = {"all": 40, "a": 0, "b": 40}

    assert hidden(counts, [Sum("all", ("a", "b"))]) == frozenset()


COHORTS = {
    "golden": lambda: count(golden_rows()),
    "60 people": lambda: count(rows_of_chance(Random(3), 60)),
    "200 people": lambda: count(rows_of_chance(Random(4), 200)),
    "600 people": lambda: count(rows_of_chance(Random(5), 600)),
}


@for_each("name", COHORTS)
def test_no_sum_tells_a_small_number(name: str) -> None:
    cohort = COHORTS[name]()
    found = hidden(cohort.counts, cohort.sums, never_shown=cohort.unprinted)

    small = {one for one in known(cohort) if 0 < cohort.counts[one] < SMALLEST_SHOWN}
    assert small <= found
    solver = z3.Solver()
    values = {one: z3.Int(one) for one in known(cohort)}
    for one, value in values.items():
        solver.add(value >= 0 if one in found else value == cohort.counts[one])
    for each in cohort.sums:
        solver.add(values[each.whole] == z3.Sum([values[part] for part in each.parts]))
    for one in small:
        solver.push()
        solver.add(values[one] != cohort.counts[one])
        assert solver.check() == z3.sat, one
        solver.pop()


def known(cohort: Cohort) -> set[str]:
    return {one for each in cohort.sums for one in each.members}
