"""Counts of a cohort: the golden people, a simulation, and what may change nothing."""

from __future__ import annotations

import csv
import json
import subprocess
import sys
from collections import Counter
from pathlib import Path
from random import Random

from django.conf import settings as django_settings
from hypothesis import given, settings
from hypothesis import strategies as st

from decisions.follow_up.cohorts.document import Printer, harm
from decisions.follow_up.cohorts.exporting import as_csv
from decisions.rules.outcomes.change import GAD7, MEASURES, PHQ9, WINDOWS, Measure
from decisions.rules.outcomes.cohort import OUTCOMES, Cohort, Row, count, name_of
from tests.collecting import for_each
from tests.decisions.rules.outcomes import golden

SCRIPT: Path = django_settings.BASE_DIR / "script" / "measure" / "outcomes_again.py"


def at(cohort: Cohort, measure: Measure, day: int, *names: str) -> dict[str, int]:
    return {name: cohort.counts[name_of(measure, name, day)] for name in names}


def test_golden_people() -> None:
    cohort = count(golden.golden_rows())

    assert cohort.counts["began"] == golden.BEGAN
    assert cohort.counts["phq9 no_baseline"] == golden.NO_BASELINE
    assert cohort.counts["phq9 below"] == golden.BELOW
    for measure, day, said in (
        (PHQ9, 28, golden.DAY_28),
        (PHQ9, 84, golden.DAY_84),
        (GAD7, 28, golden.GAD7_DAY_28),
    ):
        assert at(cohort, measure, day, *said) == said
    assert {name: cohort.counts[name] for name in golden.LASTED} == golden.LASTED
    of_everybody = ("stopped", "serious", "new_item9", "another_treatment", "died", "withdrew")
    assert [cohort.counts[one] for one in of_everybody] == [1] * 6


def test_golden_shares_to_one_decimal() -> None:
    printer = Printer(count(golden.golden_rows()))
    printer.hidden = frozenset()

    for name, (text, more) in golden.SHARES.items():
        one, _, of = name.partition(" of ")
        line = printer.share(name_of(PHQ9, one, 28), name_of(PHQ9, of, 28))
        assert (line["text"], line["more"]) == (text, more), name


def test_each_sum_adds_up() -> None:
    cohort = count(golden.golden_rows())

    for one in cohort.sums:
        assert cohort.counts[one.whole] == sum(cohort.counts[part] for part in one.parts), one


def rows_of_chance(random: Random, people: int) -> list[Row]:
    """No effect at all: two scores of one person hang together by 0.6, and some are missing."""
    found = []
    for place in range(people):
        steady = random.gauss(0, 1)
        scores = [
            min(27, max(0, round(16 + 5.5 * (0.6**0.5 * steady + 0.4**0.5 * random.gauss(0, 1)))))
            for _ in range(3)
        ]
        after = [(28, scores[1]), (84, scores[2])]
        found.append(
            Row(
                row=str(place),
                age_band="35-44",
                days=random.choice([30, 100, 400]),
                state="completed",
                phq9_before=((-3, scores[0]),),
                phq9_after=tuple(one for one in after if random.random() < 0.7),
                gad7_before=(),
                gad7_after=(),
                led=random.choice(["ketamine", "close"]),
                chosen=random.choice(["ketamine", "none_now"]),
            )
        )
    return found


def test_no_share_is_of_any_form() -> None:
    """A response at any form says what several forms give by chance: it is a count alone."""
    rows = harm(Printer(count(rows_of_chance(Random(3), 400))))

    said = {one["name"].partition(" (")[0]: one["cells"][0] for one in rows}
    assert said["Response or remission at any form"].keys() == {"text"}
    assert said["Response or remission at any form"]["text"].isdigit()


def test_without_an_effect_the_page_says_deterioration_within_its_interval() -> None:
    """What is true is worked out from a large group, what the page says from a usual one."""
    many = count(rows_of_chance(Random(1), 5_000))
    true = many.counts["phq9 28 worse"] / many.counts["phq9 28 assessed"]
    inside = 0
    for seed in range(16):
        printer = Printer(count(rows_of_chance(Random(100 + seed), 250)))
        found = printer.percent("phq9 28 worse", "phq9 28 assessed")
        inside += found is None or found.low <= true <= found.high

    assert inside >= 13


forms = st.lists(st.tuples(st.integers(0, 400), st.integers(0, 27)), max_size=6).map(
    lambda found: tuple(sorted(found, key=lambda one: one[0]))
)
rows = st.builds(
    Row,
    row=st.just("x"),
    age_band=st.just("35-44"),
    days=st.sampled_from([20, 60, 150, 300, 500]),
    phq9_before=st.lists(st.tuples(st.integers(-20, 0), st.integers(0, 27)), max_size=3).map(
        lambda found: tuple(sorted(found, key=lambda one: one[0]))
    ),
    phq9_after=forms,
    gad7_before=st.just(()),
    gad7_after=st.just(()),
    next_course=st.none() | st.integers(1, 300),
    ended_day=st.none(),
    state=st.sampled_from(["completed", "stopped"]),
    led=st.sampled_from(["ketamine", "close"]),
    chosen=st.sampled_from(["ketamine", "none_now"]),
)


@settings(max_examples=80, deadline=None)
@given(st.lists(rows, max_size=30), st.randoms(use_true_random=False))
def test_any_rows(given_rows: list[Row], random: Random) -> None:
    """Sums add up; order changes nothing; everybody is never better off than those assessed."""
    cohort = count(given_rows)

    for one in cohort.sums:
        assert cohort.counts[one.whole] == sum(cohort.counts[part] for part in one.parts), one
    assert count(random.sample(given_rows, len(given_rows))) == cohort
    for window in WINDOWS:
        due, assessed = at(cohort, PHQ9, window.day, "due", "assessed").values()
        for had in at(cohort, PHQ9, window.day, *OUTCOMES).values():
            assert had * assessed <= had * due
    less = count([one.model_copy(update={"phq9_after": ()}) for one in given_rows])
    for window in WINDOWS:
        assert (
            less.counts[name_of(PHQ9, "due", window.day)]
            == cohort.counts[name_of(PHQ9, "due", window.day)]
        )
        assert less.counts[name_of(PHQ9, "response", window.day)] == 0


@for_each("seed", [1, 2])
def test_somebody_else_counts_the_same_from_the_rows(seed: int) -> None:
    """The script shares no code with us."""
    people = [*golden.golden_rows(), *rows_of_chance(Random(seed), 200)]
    text = as_csv(people)
    assert not any(
        cell[:1] in "=+-@" for line in csv.reader(text.splitlines()) for cell in line if cell
    )

    found = recounted(text)

    cohort = count(people)
    assert found["rows"] == len(people)
    for measure in MEASURES.values():
        for window in WINDOWS:
            compare(cohort, measure, window.day, found[measure.id][str(window.day)])


def recounted(text: str) -> dict:
    ran = subprocess.run(
        [sys.executable, "-I", str(SCRIPT), "/dev/stdin"],
        input=text,
        capture_output=True,
        text=True,
        check=True,
    )
    found: dict = json.loads(ran.stdout)
    return found


def compare(cohort: Cohort, measure: Measure, day: int, found: dict) -> None:
    counts: Counter[str] = cohort.counts
    due = counts[name_of(measure, "due", day)]
    assert (found["due"], found["missing"]) == (due, counts[name_of(measure, "missing", day)])
    printer = Printer(cohort)
    printer.hidden = frozenset()
    for name in OUTCOMES:
        key = name_of(measure, name, day)
        assert found[name]["count"] == counts[key], key
        share = printer.percent(key, name_of(measure, "due", day))
        if share is not None:
            limits = [round(100 * share.low, 1), round(100 * share.high, 1)]
            assert found[name]["interval"] == limits, key
