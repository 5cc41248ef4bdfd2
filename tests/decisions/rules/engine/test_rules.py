"""Every rule fires in one case and stays silent in another; every threshold has two sides."""

import re
from typing import Any

from decisions.rules.engine.rules import Effect
from decisions.rules.loading import CURRENT_EDITION, load_edition
from decisions.rules.logic.truth import Truth
from evidence.domain.terms import Kind
from evidence.loading import load_dossier
from tests.collecting import for_each
from tests.decisions.rules.cases import (
    EARLIER_EDITION,
    EVERY_EDITION,
    answers_of,
    base_with,
    decide_raw,
    read_of_edition,
    true_rules,
)

FIRINGS: dict[str, dict[str, Any]] = {
    edition: read_of_edition(edition, "rule_firings.yaml") for edition in EVERY_EDITION
}
RULES = load_edition().rules

each_rule = for_each(
    ("edition", "rule_id"), [(edition, name) for edition in FIRINGS for name in FIRINGS[edition]]
)


def true_with(edition: str, changes: dict[str, Any]) -> dict[str, set[str]]:
    """The rules that are true of the vignette responder-relapsed with some answers changed."""
    raw = base_with(edition_id=edition, **changes)
    return true_rules(decide_raw(raw, edition_id=edition))


@for_each("edition", [EARLIER_EDITION, CURRENT_EDITION])
def test_every_rule_has_its_two_cases(edition: str) -> None:
    rules = [rule.id for rule in load_edition(edition).rules]

    assert rules
    assert list(FIRINGS[edition]) == rules


@each_rule
def test_rule_fires(edition: str, rule_id: str) -> None:
    one = FIRINGS[edition][rule_id]
    true = true_with(edition, one["fires"])

    assert rule_id in true
    assert true[rule_id] == set(one.get("of", true[rule_id]))


@each_rule
def test_rule_stays_silent(edition: str, rule_id: str) -> None:
    changes = FIRINGS[edition][rule_id]["silent"]
    if changes is None:
        assert load_edition(edition).rule(rule_id).when.op == "always"
        return

    assert rule_id not in true_with(edition, changes)


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
        ("ketamine-review-age-75", {"age_years": 74}, {"age_years": 75}),
        ("note-young-adult", {"age_years": 25}, {"age_years": 24}),
        (
            "ketamine-against-course-under-way",
            {"tms_now": "yes", "tms_best_response": "none", "tms_last_sessions": 20},
            {"tms_now": "yes", "tms_best_response": "none", "tms_last_sessions": 19},
        ),
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


SPEAKS_OF_LABELS = re.compile(r"(?<!open )(?<!off-)\blabel|contraindicat")
LABELS = {Kind.LABEL, Kind.REGULATORY}
CRITERIA = {Kind.TRIAL_REGISTRATION, Kind.LABEL, Kind.RCT}
"""Where the criteria of trials can be read: the makers' letters count as labels."""


@for_each("rule", RULES, ids=lambda rule: rule.id)
def test_label_and_trial_criteria_are_not_taken_for_each_other(rule: Any) -> None:
    kinds = {load_dossier().source(key).kind for key in (*rule.evidence, *rule.counter)}

    if SPEAKS_OF_LABELS.search(rule.because):
        assert kinds & LABELS
    if "left out" in rule.because:
        assert kinds & CRITERIA
