"""Questioning a result and proving an edition, as multiples of decide() and of a warm letter."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from functools import partial
from random import Random
from statistics import median, quantiles
from typing import Any

import yaml

from decisions.letters.rendering import draw_pdf
from decisions.rules.engine.decide import decide
from decisions.rules.loading import CURRENT_EDITION, EDITIONS, load_edition
from decisions.rules.proof.claims import Method
from decisions.rules.proof.expectations import load_expectations
from decisions.rules.proof.proving import prove
from decisions.rules.questionnaire.answers import Answers
from decisions.rules.sensitivity.changes import what_would_change
from decisions.rules.sensitivity.decisive import decisive_rules
from decisions.rules.sensitivity.next_question import next_best_question
from decisions.rules.sensitivity.settled import robustness_of
from evidence.loading import load_dossier
from script.measure.rounds import Row, interleave, limited, ratio, seconds
from tests.decisions.letters.letter_factories import compose, material
from tests.decisions.partial_cases import complete_answers

USUAL_LIMIT, P95_LIMIT, LETTER_LIMIT, PROOF_LIMIT = 60, 100, 1, 20
"""The most that questioning may take, in times of decide() (usual case, p95 over partial ones) and
of a warm letter; and the most that both proofs with their sheet may take, in warm letters."""
PARTIAL_CASES, SEED = 300, 20261123
VIGNETTES = EDITIONS / CURRENT_EDITION / "vignettes.yaml"
MADE_AT = datetime(2026, 11, 23, 14, 2, tzinfo=UTC)


def measure_questioning() -> list[Row]:
    """Rows for settled, changes, next question and reasons together, and for the proof."""
    edition, evidence = load_edition(), load_dossier()
    questionnaire = edition.questionnaire
    usual = [
        Answers.read(questionnaire, one["answers"]) for one in yaml.safe_load(VIGNETTES.read_text())
    ]
    expected = load_expectations(EDITIONS / CURRENT_EDITION, edition, evidence)
    letter = compose(material())

    def each(work: Callable[[Answers], object]) -> Callable[[], None]:
        def all_of_them() -> None:
            for answers in usual:
                work(Answers(questionnaire, answers.values))

        return all_of_them

    def question(answers: Answers) -> None:
        robustness = robustness_of(edition, answers, evidence)
        what_would_change(edition, answers, evidence)
        next_best_question(edition, answers, evidence, robustness=lambda: robustness)
        decisive_rules(edition, answers, evidence)

    methods = (Method.SOLVER, Method.EXHAUSTION)
    measured = interleave(
        {
            "decide": (each(lambda answers: decide(edition, answers, evidence)), 5),
            "question": (each(question), 1),
            "letter": (lambda: draw_pdf(letter, letter_id="bench", drawn_at=MADE_AT), 2),
            "proof": (
                lambda: prove(edition, evidence, expected, methods=methods).model_dump_json(),
                1,
            ),
        }
    )
    took = [
        seconds(partial(question, Answers.read(questionnaire, raw)), 1)
        for raw in _partial_cases(PARTIAL_CASES)
    ]
    return rows_of(measured, p95=quantiles(took, n=20)[-1], usual=len(usual))


def rows_of(measured: dict[str, list[float]], *, p95: float, usual: int) -> list[Row]:
    """What the bench prints of it. p95: seconds of a partial case; usual: cases decided a round."""
    decided = median(measured["decide"]) / usual
    return [
        limited(
            "settled, changes, next question and because, of a usual case, in times of decide()",
            ratio(measured, "question", "decide"),
            USUAL_LIMIT,
        ),
        limited("the same, p95 of random partial cases", p95 / decided, P95_LIMIT),
        limited("the same, in warm letters", p95 / median(measured["letter"]), LETTER_LIMIT),
        limited(
            "both proofs of the edition and the sheet, in warm letters",
            ratio(measured, "proof", "letter"),
            PROOF_LIMIT,
        ),
    ]


def _partial_cases(count: int) -> Iterator[dict[str, Any]]:
    """Complete cases of which any share of the answers is taken away, from none to all."""
    rng = Random(SEED)  # noqa: S311, made-up cases
    for _ in range(count):
        share = rng.random()
        yield {name: raw for name, raw in complete_answers(rng).items() if rng.random() < share}
