"""Seeded random lines for the `decide` command: cases of every kind, and lines it must refuse.

Cases are complete or partial, calm or troubled, with answers not known and with stale answers to
questions that are not asked. Numbers keep close to the thresholds of the rules.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from random import Random
from typing import Any

from tests.oracles.independent_conditions import (
    asked,
    known_answers,
    questions,
    thresholds,
)

CALM: dict[str, Any] = {
    "age_years": 42, "diagnosis": "mdd", "psychosis": "none", "mania_now": "no",
    "life_threatening": "no", "pregnancy": "no", "suicide_risk": "none",
    "item9_asked_again": "yes", "tms_now": "no", "tms_seizure": "no", "head_metal": "none",
    "implanted_device": "none", "seizures": "none", "brain_condition": "no",
    "vascular_disease": "no", "brain_pressure": "no", "threshold_factors": [],
    "ketamine_allergy": "no", "bp_systolic": 120, "bp_diastolic": 78, "heart": "none",
    "liver": "none", "bladder": "no", "eye_pressure": "no", "thyroid": "no", "breathing": "no",
    "substance_use": "none", "medicines": [], "comorbidities": [], "tms_access": "yes",
    "daily_visits": "yes", "tms_tolerability": "well", "ketamine_access": ["iv"],
    "escort": "yes", "home_support": "yes", "dissociation_fear": "no", "mixed_features": "no",
    "attempt_assessed": "yes", "antidepressant_now": "taking", "body_worn": "none",
    "vascular_outside_head": "no", "withdrawal_now": "no",
}  # fmt: skip
SCORES = {"phq9": ("phq9_total", 9), "gad7": ("gad7_total", 7)}


# ---------------------------------------------------------------- cases


def random_answers(rng: Random) -> dict[str, Any]:
    """The answers of one case."""
    calm = rng.choice([0.0, 0.6, 0.9, 0.97, 1.0, 1.0])
    missing, not_known = rng.choice(
        [(0, 0), (0, 0), (0, 0.05), (0.05, 0.05), (0.3, 0.1), (0.7, 0.1)]
    )
    keep_stale = rng.random() < 0.4
    answers: dict[str, Any] = {}
    for question in questions():
        if not keep_stale and asked(question, known_answers(answers)) is not True:
            continue
        if (dice := rng.random()) < missing:
            continue
        if dice < missing + not_known:
            answers[question] = (
                None if unknown_is_refused(question) else rng.choice([None, "unknown"])
            )
        elif question in CALM and rng.random() < calm:
            answers[question] = CALM[question]
        else:
            answers[question] = random_answer(rng, question)
    return shuffled(rng, answers)


def random_answer(rng: Random, question: str) -> Any:
    """One admissible answer to a question."""
    description = questions()[question]
    values = [option["value"] for option in description.get("options", [])]
    match description["type"]:
        case "yes_no":
            return rng.choice(["yes", "no"])
        case "choice":
            return rng.choice(values)
        case "choices":
            return rng.sample(values, rng.choice([0, 0, 1, 1, 2, rng.randint(0, len(values))]))
        case "integer":
            return random_number(rng, question, description["min"], description["max"])
    return random_form(rng, *SCORES[question])


def random_number(rng: Random, name: str, lowest: int, highest: int) -> int:
    edges = [n + step for n in thresholds(name) for step in (-1, 0, 1)]
    if edges and rng.random() < 0.8:
        return min(max(rng.choice(edges), lowest), highest)
    return rng.choice([lowest, highest, rng.randint(lowest, highest)])


def random_form(rng: Random, score: str, count: int) -> dict[str, Any]:
    total = random_number(rng, score, 0, 3 * count)
    match rng.choice(["total", "total and item 9", "items", "items", "some items"]):
        case "total":
            return {"total": total}
        case "total and item 9" if score == "phq9_total":
            return {
                "total": total,
                "item9": rng.randint(max(0, total - 24), min(3, total)),
            }
        case "some items":
            return {"items": [rng.choice([None, 0, 1, 2, 3]) for _ in range(count)]}
    return {"items": items_of(rng, total, count)}


def items_of(rng: Random, total: int, count: int) -> list[int]:
    items = [0] * count
    for _ in range(total):
        items[rng.choice([place for place, item in enumerate(items) if item < 3])] += 1
    return items


def unknown_is_refused(question: str) -> bool:
    return not questions()[question].get("unknown", True)


def shuffled(rng: Random, answers: dict[str, Any]) -> dict[str, Any]:
    """The same answers in another order: order never counts."""
    return dict(rng.sample(sorted(answers.items()), len(answers)))


def random_line(rng: Random) -> str:
    """One valid line."""
    record: dict[str, Any] = {"answers": random_answers(rng)}
    if rng.random() < 0.9:
        record["id"] = rng.choice(
            ["a", "Müller 7", "", "x" * 300, "🙂", f"case-{rng.randint(1, 9999)}"]
        )
    return json.dumps(shuffled(rng, record), ensure_ascii=rng.random() < 0.5)


# ---------------------------------------------------------------- lines to refuse

WRONG_ANYWHERE: list[Any] = [
    True, False, 0.5, 42.0, "", " ", "Unknown", "UNKNOWN", "yes ", "YES", {}, [None], [[]], [0],
    ["unknown"], {"value": "yes"}, {"items": []}, {"total": None}, "none\n", 10**30, -(10**30),
    "42",
]  # fmt: skip
WRONG_FORMS: list[Callable[[Random], Any]] = [
    lambda _: {},
    lambda _: 15,
    lambda _: [2] * 9,
    lambda rng: {"items": [1] * rng.choice([0, 1, 6, 8, 10, 14])},
    lambda rng: {"items": [rng.choice([4, -1, True, 2.0, "2", "unknown", [], {}])] + [1] * 8},
    lambda rng: {"items": [1] * 8 + [rng.choice([4, -1, True, 2.0, "2", "unknown", [], {}])]},
    lambda _: {"items": [1] * 9, "total": 9},
    lambda _: {"items": [1] * 9, "item9": 1},
    lambda _: {"items": None},
    lambda _: {"items": "222222210"},
    lambda rng: {"item9": rng.randint(0, 3)},
    lambda rng: {"total": rng.choice([-1, 28, 15.0, True, "15", "unknown", [15], 10**25])},
    lambda rng: {
        "total": 15,
        "item9": rng.choice([-1, 4, True, 1.0, "0", "unknown", [0]]),
    },
    lambda rng: {"total": rng.choice([0, 1, 2]), "item9": 3},
    lambda rng: {"total": rng.choice([25, 26, 27]), "item9": 0},
    lambda _: {"total": 15, "item10": 0},
    lambda _: {"Total": 15},
    lambda _: {"total": 15, "items": None},
]
NO_CASES = [
    "{", "}", "nonsense", "[]", "[{}]", "null", "true", "42", '"text"', "{}", '{"id": "a"}', "NaN",
    '{"id": "a", "answers": null}', '{"id": "a", "answers": []}', '{"id": "a", "answers": "none"}',
    '{"id": "a", "answers": {}} {}', '{"id": "a", "answers": {},}', "{'id': 'a', 'answers': {}}",
    '{"id": "a", "answers": {"age_years": NaN}}', '{"id": "a", "answers": {"age_years": Infinity}}',
    '{"id": "a", "answers": {"age_years": 042}}', '{"id": "a", "answers": {"age_years": 4_2}}',
    '{"id": "a", "Answers": {}}', '{"id": "a", "answers": {}, "id": "b"}', '{"answers": {}',
    '{"id": "a", "answers": {"age_years": 42, "age_years": 42}}', '{"id": "a" "answers": {}}',
    '{"id": "a", "answers": {"phq9": {"total": 9, "total": 9}}}', '{"answers": {}, "answers": {}}',
    '{"id": "a", "answers": {"age_years": "' + "\t" + '"}}', "[" * 50_000,
    '{"id": "a", "answers": {"age_years": ' + "[" * 50_000 + "]" * 50_000 + "}}",
    '{"id": "a", "answers": {"age_years": ' + "9" * 5_000 + "}}",
]  # fmt: skip
NO_QUESTIONS = [
    "phq9_total",
    "phq9_item9",
    "gad7_total",
    "ageyears",
    "Age_years",
    "",
    "age_years ",
    "id",
]


def malformed_line(rng: Random) -> str:
    """One line that is refused: no case at all, or a case with wrong answers in it."""
    if rng.random() < 0.2:
        return rng.choice(NO_CASES)
    answers = random_answers(rng)
    for _ in range(rng.choice([1, 1, 1, 2, 4])):
        spoil(rng, answers)
    record: dict[str, Any] = {"id": "spoiled", "answers": shuffled(rng, answers)}
    if rng.random() < 0.05:
        del record["id"]
    return json.dumps(shuffled(rng, record))


def spoil(rng: Random, answers: dict[str, Any]) -> None:
    """Put one wrong answer among these, whether or not its question is asked."""
    question = rng.choice([*questions(), "phq9", "phq9", "gad7"])
    description = questions()[question]
    if rng.random() < 0.1:
        answers[rng.choice(NO_QUESTIONS)] = rng.choice([None, 3, "yes", "unknown"])
    elif unknown_is_refused(question) and rng.random() < 0.5:
        answers[question] = "unknown"
    elif description["type"] == "instrument" and rng.random() < 0.9:
        answers[question] = rng.choice(WRONG_FORMS)(rng)
    elif rng.random() < 0.4:
        answers[question] = rng.choice(WRONG_ANYWHERE)
    else:
        answers[question] = spoiled_answer(rng, question, description["type"])


def spoiled_answer(rng: Random, question: str, kind: str) -> Any:
    """An answer that is nearly right."""
    description = questions()[question]
    good = random_answer(rng, question)
    match kind:
        case "integer":
            return rng.choice(
                [
                    description["min"] - 1,
                    description["max"] + 1,
                    float(good),
                    str(good),
                    [good],
                ]
            )
        case "choices":
            value = description["options"][0]["value"]
            return rng.choice(
                [
                    value,
                    [value, value],
                    [value, "other thing"],
                    [value, None],
                    {value: True},
                ]
            )
    return rng.choice([[good], {"value": good}, str(good).upper() + " ", 1, True])
