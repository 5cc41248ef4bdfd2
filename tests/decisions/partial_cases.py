"""Seeded cases with a few answers missing, chosen so that something hangs on what is missing.

A case is complete first: mostly without hazards, with answers in which options come close to
leading. Then up to five answers are taken away, said to be not known, or left half given;
questions that meet in the same rules are taken more often.
"""

from __future__ import annotations

from random import Random
from typing import Any

from tests.decisions.random_lines import CALM, items_of, random_answer, unknown_is_refused
from tests.oracles.brute_force import Answers
from tests.oracles.independent_conditions import questions

MOST_MISSING = 5
TYPICAL: dict[str, list[Any]] = {
    "speed_needed": ["days", "weeks", "can_wait"],
    "antidepressant_trials": [0, 1, 2, 3, 5],
    "tms_courses": [0, 1, 1, 2, 2, 3],
    "tms_last_sessions": [8, 19, 20, 30, 36],
    "tms_best_response": ["remission", "response", "response", "partial", "partial", "none"],
    "tms_last_response": ["remission", "response", "partial", "partial", "none"],
    "tms_benefit_months": [0, 1, 2, 3, 9],
    "ketamine_history": ["never", "never", "responded", "no_response", "stopped"],
    "preference": ["ketamine", "repeat_tms", "both", "both", "none"],
    "suicide_risk": ["none", "none", "passive", "active"],
}
"""Answers that bear on who leads, more evenly spread than among patients."""
ASKS_FOR_BOTH: dict[str, list[Any]] = {
    "speed_needed": ["days", "weeks"],
    "antidepressant_trials": [2, 3],
    "tms_courses": [1, 2],
    "tms_best_response": ["remission", "response", "partial", "partial", "partial"],
    "tms_last_response": ["remission", "response", "partial"],
    "tms_benefit_months": [1, 2, 9],
    "ketamine_history": ["never", "responded", "responded", "responded"],
    "accelerated_tms": ["no", "no", "yes"],
    "preference": ["both"],
}
"""Answers with which both at once can come to lead: rare when every answer is drawn alone."""
HANG_TOGETHER = [
    "tms_courses", "tms_best_response", "tms_last_response", "tms_benefit_months",
    "tms_last_sessions", "tms_now", "tms_tolerability", "tms_seizure", "speed_needed",
    "accelerated_tms", "daily_visits", "tms_access", "ketamine_access", "ketamine_history",
    "escort", "preference", "phq9", "suicide_risk", "item9_asked_again", "antidepressant_trials",
    "medicines", "dissociation_fear", "bp_diastolic", "bp_systolic", "comorbidities",
]  # fmt: skip
"""Questions that meet others in rules, in sums or in whether they are asked."""


def partial_case(rng: Random) -> Answers:
    """The answers of one case, of which up to MOST_MISSING are missing."""
    answers = complete_answers(rng)
    for _ in range(rng.randint(1, MOST_MISSING)):
        question = rng.choice(HANG_TOGETHER if rng.random() < 0.8 else list(questions()))
        take_away(rng, answers, question)
    return answers


def complete_answers(rng: Random) -> Answers:
    """An answer to every question, asked or not, mostly without hazards."""
    calm = rng.choice([0.9, 0.97, 1.0, 1.0])
    typical = TYPICAL | (ASKS_FOR_BOTH if rng.random() < 0.25 else {})
    answers: Answers = {}
    for question in questions():
        if question in typical and rng.random() < 0.9:
            answers[question] = rng.choice(typical[question])
        elif question in CALM and rng.random() < calm:
            answers[question] = CALM[question]
        else:
            answers[question] = random_answer(rng, question)
    answers["phq9"] = filled_form(rng)
    return answers


def filled_form(rng: Random) -> dict[str, Any]:
    """A complete PHQ-9, mostly of moderate or severe symptoms."""
    total = rng.choice([3, 4, 5, 9, 10, 14, 17, 20, 22, 24])
    if rng.random() < 0.3:
        return {"total": total, "item9": rng.randint(0, min(3, total))}
    return {"items": items_of(rng, total, 9)}


def take_away(rng: Random, answers: Answers, question: str) -> None:
    """Leave a question open, say that it is not known, or take away a part of its answer."""
    answer = answers.get(question)
    if question == "phq9" and isinstance(answer, dict) and rng.random() < 0.7:
        answers[question] = half_filled(rng, answer)
    elif unknown_is_refused(question) or rng.random() < 0.6:
        answers.pop(question, None)
    else:
        answers[question] = rng.choice([None, "unknown"])


def half_filled(rng: Random, form: dict[str, Any]) -> dict[str, Any]:
    """A PHQ-9 with some items left out, or only its total."""
    if "total" in form:
        return {"total": form["total"]}
    left_out = {8} if rng.random() < 0.4 else set(rng.sample(range(9), rng.randint(1, 4)))
    return {"items": [None if n in left_out else item for n, item in enumerate(form["items"])]}
