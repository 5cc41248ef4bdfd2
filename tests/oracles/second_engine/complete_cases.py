"""Seeded random complete cases: every question answered, asked or not, and none with "unknown".

Answers to questions that do not apply are kept in, to be ignored. Most cases are calm and many
promising, so that every verdict is met and each option leads; numbers keep close to thresholds.
"""

from __future__ import annotations

from collections.abc import Iterator
from random import Random
from typing import Any

from tests.decisions.random_lines import CALM, items_of, random_answer, random_number
from tests.oracles.independent_conditions import questions

SHARES_OF_CALM = (0.5, 0.9, 0.97, 1.0, 1.0, 1.0)
PROMISING: dict[str, Any] = {
    "phq9": {"items": [2, 2, 2, 2, 2, 2, 2, 2, 0]}, "speed_needed": "days",
    "antidepressant_trials": 2, "tms_courses": 1, "tms_best_response": "response",
    "tms_benefit_months": 8, "ketamine_history": "responded", "preference": "both",
    "accelerated_tms": "no",
}  # fmt: skip
SHARES_OF_PROMISING = (0.0, 0.5, 0.9)
ITEMS = {"phq9": 9, "gad7": 7}


def complete_cases(seed: int) -> Iterator[dict[str, Any]]:
    """Plain answers, case after case, without end."""
    rng = Random(seed)
    while True:
        calm, promising = rng.choice(SHARES_OF_CALM), rng.choice(SHARES_OF_PROMISING)
        yield {question: _answer(rng, question, calm, promising) for question in questions()}


def _answer(rng: Random, question: str, calm: float, promising: float) -> Any:
    for usual, share in ((CALM, calm), (PROMISING, promising)):
        if question in usual and rng.random() < share:
            return usual[question]
    return _form(rng, question) if question in ITEMS else random_answer(rng, question)


def _form(rng: Random, question: str) -> Any:
    total = random_number(rng, f"{question}_total", 0, 3 * ITEMS[question])
    if rng.random() < 0.5:
        return {"items": items_of(rng, total, ITEMS[question])}
    if question != "phq9":
        return {"total": total}
    return {"total": total, "item9": rng.randint(max(0, total - 24), min(3, total))}
