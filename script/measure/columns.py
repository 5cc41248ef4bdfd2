"""Many cases at once: 100,000 of them in columns, as a part of deciding each of them alone."""

from __future__ import annotations

from random import Random
from statistics import median

from decisions.rules.engine.columns_reading import columns_of
from decisions.rules.engine.columns_verdicts import VERDICTS, decide_many
from decisions.rules.engine.decide import decide
from decisions.rules.loading import load_edition
from decisions.rules.questionnaire.answers import Answers
from evidence.loading import load_dossier
from script.measure.rounds import Row, interleave, ratio
from tests.decisions.random_lines import random_answers

CASES = 100_000
SAMPLE = 500
"""Every so many-th case is decided alone in each round: all of them would take a minute a round."""
BATCH = 2_000
"""Cases that are loaded at a time, as `manage.py replay` does."""
LEAST_TIMES_FASTER = 50
SEED = 2026


def measure_columns() -> list[Row]:
    """Rows for re-evaluating many cases, with and without loading them into columns."""
    edition, evidence = load_edition(), load_dossier()
    questionnaire = edition.questionnaire
    rng = Random(SEED)  # noqa: S311, made-up cases
    cases = [Answers.read(questionnaire, random_answers(rng)) for _ in range(CASES)]
    sample = cases[:: CASES // SAMPLE]
    columns = columns_of(questionnaire, cases)

    def decide_each() -> list[int]:
        outcomes = (decide(edition, Answers(questionnaire, one.values), evidence) for one in sample)
        return [
            VERDICTS.index(one.verdict) for outcome in outcomes for one in outcome.options.values()
        ]

    def decide_all() -> list[int]:
        found = decide_many(edition, columns, evidence)
        return list(found.verdicts[:: CASES // SAMPLE].ravel().tolist())

    def load_and_decide_all() -> None:
        for start in range(0, CASES, BATCH):
            batch = columns_of(questionnaire, cases[start : start + BATCH])
            decide_many(edition, batch, evidence)

    if decide_each() != decide_all():
        raise AssertionError("columns and decide() differ: what is measured here is no use")
    measured = interleave(
        {"each": (decide_each, 1), "columns": (decide_all, 3), "loaded": (load_and_decide_all, 1)}
    )
    faster = CASES / SAMPLE * ratio(measured, "each", "columns")
    with_loading = CASES / SAMPLE * ratio(measured, "each", "loaded")
    seconds = median(measured["columns"])
    return [
        Row(
            f"{CASES:,} cases in columns, times faster than decide() on each",
            f"{faster:.0f} ({seconds:.2f} s)",
            f"at least {LEAST_TIMES_FASTER}",
            faster >= LEAST_TIMES_FASTER,
        ),
        Row(
            f"the same, loading the answers included, {BATCH:,} cases at a time",
            f"{with_loading:.0f}",
        ),
    ]
