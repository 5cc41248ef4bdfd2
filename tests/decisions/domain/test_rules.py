"""Every rule fires in one case and stays silent in another; every threshold has two sides."""

from typing import Any

import yaml

from decisions.domain.rules import Effect
from decisions.domain.truth import Truth
from decisions.loading import load_edition
from tests.collecting import for_each
from tests.decisions.domain.cases import (
    VIGNETTES,
    answers_of,
    base_with,
    decide_raw,
    true_rules,
)

FIRINGS: dict[str, Any] = yaml.safe_load((VIGNETTES / "rule_firings.yaml").read_text())
RULES = load_edition().rules


def test_every_rule_has_its_two_cases() -> None:
    assert list(FIRINGS) == [rule.id for rule in RULES]
    assert len(RULES) == 123


@for_each("rule_id", FIRINGS)
def test_rule_fires(rule_id: str) -> None:
    outcome = decide_raw(base_with(**FIRINGS[rule_id]["fires"]))

    assert rule_id in true_rules(outcome)


@for_each("rule_id", FIRINGS)
def test_rule_stays_silent(rule_id: str) -> None:
    changes = FIRINGS[rule_id]["silent"]
    if changes is None:
        assert load_edition().rule(rule_id).when.op == "always"
        return

    outcome = decide_raw(base_with(**changes))

    assert rule_id not in true_rules(outcome)


MILD = {"items": [1] * 5 + [0] * 4}
MINIMAL = {"items": [1] * 4 + [0] * 5}


@for_each(
    ("rule_id", "below", "at"),
    [
        ("urgent-blood-pressure", {"bp_systolic": 180}, {"bp_systolic": 181}),
        ("urgent-blood-pressure", {"bp_diastolic": 120}, {"bp_diastolic": 121}),
        ("ketamine-stop-blood-pressure", {"bp_systolic": 180}, {"bp_systolic": 181}),
        ("ketamine-stop-blood-pressure", {"bp_diastolic": 100}, {"bp_diastolic": 101}),
        ("ketamine-review-blood-pressure", {"bp_systolic": 140}, {"bp_systolic": 141}),
        ("ketamine-review-blood-pressure", {"bp_diastolic": 90}, {"bp_diastolic": 91}),
        ("review-age", {"age_years": 18}, {"age_years": 17}),
        ("note-older", {"age_years": 64}, {"age_years": 65}),
        ("any-against-not-depressed", {"phq9": {"total": 5}}, {"phq9": {"total": 4}}),
        ("any-against-mild", {"phq9": {"total": 4}}, {"phq9": {"total": 5}}),
        ("any-against-mild", {"phq9": {"total": 10}}, {"phq9": {"total": 9}}),
        ("ketamine-against-mild", {"phq9": {"total": 10}}, {"phq9": {"total": 9}}),
        (
            "urgent-item9-unassessed",
            {"phq9": {"total": 9, "item9": 0}, "suicide_risk": "unknown"},
            {"phq9": {"total": 9, "item9": 1}, "suicide_risk": "unknown"},
        ),
        ("tms-favour-worked-before", {"tms_benefit_months": 1}, {"tms_benefit_months": 2}),
        ("tms-favour-worked-briefly", {"tms_benefit_months": 2}, {"tms_benefit_months": 1}),
        ("tms-favour-resistance", {"antidepressant_trials": 0}, {"antidepressant_trials": 1}),
        ("ketamine-favour-resistance", {"antidepressant_trials": 1}, {"antidepressant_trials": 2}),
        ("ketamine-against-one-trial", {"antidepressant_trials": 2}, {"antidepressant_trials": 1}),
        ("ketamine-against-not-tried", {"antidepressant_trials": 1}, {"antidepressant_trials": 0}),
        (
            "note-no-antidepressant-trial",
            {"antidepressant_trials": 1},
            {"antidepressant_trials": 0},
        ),
        ("note-ect-resistance", {"antidepressant_trials": 3}, {"antidepressant_trials": 4}),
        (
            "note-ect-resistance",
            {"phq9": {"total": 19}, "antidepressant_trials": 2},
            {"phq9": {"total": 20}, "antidepressant_trials": 2},
        ),
        (
            "tms-against-no-response",
            {"tms_best_response": "none", "tms_last_sessions": 19},
            {"tms_best_response": "none", "tms_last_sessions": 20},
        ),
        (
            "tms-favour-short-course",
            {"tms_best_response": "none", "tms_last_sessions": 20},
            {"tms_best_response": "none", "tms_last_sessions": 19},
        ),
        (
            "tms-against-no-response",
            {"tms_courses": 2, "tms_best_response": "none", "tms_last_response": "partial"},
            {"tms_courses": 1, "tms_best_response": "none", "tms_last_response": "partial"},
        ),
        ("note-no-earlier-tms", {"tms_courses": 1}, {"tms_courses": 0}),
        ("note-rescreen", {"tms_courses": 0}, {"tms_courses": 1}),
    ],
)
def test_threshold_has_two_sides(rule_id: str, below: dict[str, Any], at: dict[str, Any]) -> None:
    when = load_edition().rule(rule_id).when

    assert when.evaluate(answers_of(base_with(**below)).facts) is Truth.FALSE
    assert when.evaluate(answers_of(base_with(**at)).facts) is Truth.TRUE


@for_each("rule", RULES, ids=lambda rule: rule.id)
def test_weighed_rule_rests_on_something(rule: Any) -> None:
    if rule.effect in {Effect.FAVOUR, Effect.AGAINST}:
        assert rule.evidence or rule.positions or rule.is_practical
