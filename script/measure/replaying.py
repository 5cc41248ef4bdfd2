"""What a change of evidence does to many cases, as a part of deciding each of them twice."""

from __future__ import annotations

from random import Random

from decisions.replay.cases import StoredCase
from decisions.replay.differences import CaseName
from decisions.replay.replay import replay
from decisions.replay.responsible_rules import Side
from decisions.rules.engine.decide import decide
from decisions.rules.loading import load_edition
from decisions.rules.questionnaire.answers import Answers
from evidence.loading import load_dossier
from script.measure.rounds import Row, interleave, ratio
from tests.decisions.random_lines import random_answers

CASES = 2_000
SEED = 2026


def measure_replaying() -> list[Row]:
    """The row for replaying random cases with and without half of the sources."""
    edition, evidence = load_edition(), load_dossier()
    half = evidence.with_retracted(frozenset(one.key for one in evidence.sources[::2]))
    rng = Random(SEED)  # noqa: S311, made-up cases
    answers = [random_answers(rng) for _ in range(CASES)]
    cases = [
        StoredCase(CaseName(case_id=str(number), decision=None), one)
        for number, one in enumerate(answers)
    ]

    def decide_twice() -> None:
        for one in answers:
            for body in (evidence, half):
                decide(edition, Answers.read(edition.questionnaire, one), body)

    def replay_all() -> None:
        replay(cases, Side(edition, evidence), Side(edition, half))

    measured = interleave({"twice": (decide_twice, 1), "replay": (replay_all, 1)})
    each = sum(measured["replay"]) / len(measured["replay"]) / CASES
    return [
        Row(
            f"replay of {CASES:,} cases, in times of deciding each of them twice",
            f"{1 / ratio(measured, 'twice', 'replay'):.2f} ({each * 1e6:.0f} µs a case)",
        )
    ]
