"""decide() against GoRules' ZEN engine: disagreements on complete random cases, and speed.

    python -m script.measure.second_engine            100,000 cases, then the speed
    python -m script.measure.second_engine 2000       fewer cases

The exit status is 1 on any disagreement; the first ones are printed as JSON Lines that
`manage.py decide` accepts. Speed is measured in the engine's fastest way of running a graph
(loaded once and compiled) and in the way its manual shows (`create_decision`).
"""

from __future__ import annotations

import json
import sys
from itertools import islice
from time import perf_counter
from typing import Any

import zen

from decisions.rules.engine.decide import decide
from decisions.rules.loading import load_edition
from decisions.rules.questionnaire.answers import Answers
from evidence.loading import load_dossier
from script.measure.rounds import Row, interleave, ratio
from tests.oracles.second_engine.comparing import SecondEngine, decide_says
from tests.oracles.second_engine.complete_cases import complete_cases
from tests.oracles.second_engine.graph import graph_of

CASES = 100_000
TIMED_CASES = 300
SEED = 20261
SHOWN = 5
TIMES_FASTER = 8


def disagreements(cases: int) -> list[dict[str, Any]]:
    """The cases, as plain answers, of which the two engines say different things."""
    edition, evidence = load_edition(), load_dossier()
    second = SecondEngine(edition, evidence)
    return [
        answers
        for answers in islice(complete_cases(SEED), cases)
        if second.says(answers) != decide_says(edition, answers, evidence)
    ]


def measure_second_engine() -> list[Row]:
    """Rows for the speed: how many times faster decide() with its reasons is."""
    edition, evidence = load_edition(), load_dossier()
    questionnaire = edition.questionnaire
    plain = list(islice(complete_cases(SEED), TIMED_CASES))
    values = [Answers.read(questionnaire, one).values for one in plain]
    compiled = SecondEngine(edition, evidence)
    as_shown = zen.ZenEngine().create_decision(graph_of(edition, evidence))

    def decide_all() -> None:
        for one in values:
            decide(edition, Answers(questionnaire, one), evidence)

    def compiled_all() -> None:
        for one in plain:
            compiled.says_with_trace(one)

    def as_shown_all() -> None:
        for one in plain:
            as_shown.evaluate(one, {"trace": True})

    measured = interleave(
        {"decide": (decide_all, 1), "compiled": (compiled_all, 1), "as shown": (as_shown_all, 1)}
    )
    return [
        _faster("decide() with its reasons, times faster than ZEN with its trace", measured),
        Row(
            "the same, with ZEN's graph loaded and compiled beforehand",
            f"{ratio(measured, 'compiled', 'decide'):.1f}",
        ),
    ]


def _faster(what: str, measured: dict[str, list[float]]) -> Row:
    times = ratio(measured, "as shown", "decide")
    return Row(what, f"{times:.1f}", f"at least {TIMES_FASTER}", times >= TIMES_FASTER)


def main(cases: int) -> int:
    """The exit status: 1 on any disagreement."""
    start = perf_counter()
    found = disagreements(cases)
    print(f"{cases:,} complete cases: {len(found)} disagreements, {perf_counter() - start:.0f} s")
    for answers in found[:SHOWN]:
        print(json.dumps({"id": "disagreement", "answers": answers}))
    for row in measure_second_engine():
        print(f"{row.what}: {row.value} ({row.target})")
    return int(bool(found))


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else CASES))
