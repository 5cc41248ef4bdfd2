"""decide(): verdicts, what `both` carries, who leads, and what evidence allows."""

from typing import Any

import pytest

from decisions.rules.engine.outcomes import Outcome, Verdict
from decisions.rules.engine.rules import OptionId, Weight
from decisions.rules.loading import CURRENT_EDITION, load_edition
from evidence.domain.entries import EvidenceBase, Source
from evidence.domain.terms import Certainty, Verified
from evidence.loading import load_dossier
from tests.collecting import for_each
from tests.decisions.rules.cases import (
    EARLIER_EDITION,
    EVERY_EDITION,
    base_with,
    decide_raw,
    read_of_edition,
    read_vignettes,
    true_rules,
    vignette,
)
from tests.decisions.rules.ledger import summary_of

KETAMINE, REPEAT_TMS, BOTH = OptionId.KETAMINE, OptionId.REPEAT_TMS, OptionId.BOTH


def verdicts(outcome: Outcome) -> tuple[Verdict, ...]:
    return tuple(one.verdict for one in outcome.options.values())


def rules(findings: Any) -> list[str]:
    return [one.rule for one in findings]


def evidence_with(key: str, **changes: Any) -> EvidenceBase:
    base = load_dossier()
    fields = base.source(key).model_dump() | changes
    sources = [Source(**fields) if one.key == key else one for one in base.sources]
    return EvidenceBase(
        release="changed", sources=tuple(sources), positions=base.positions, claims=base.claims
    )


@for_each(
    "one",
    [{**one, "edition": edition} for edition in EVERY_EDITION for one in read_vignettes(edition)],
    ids=lambda one: f"{one['edition']} {one['id']}",
)
def test_vignette(one: dict[str, Any]) -> None:
    outcome = decide_raw(one["answers"], edition_id=one["edition"])

    assert {
        "urgent": rules(outcome.urgent),
        "leading": list(outcome.leading),
        "close": list(outcome.close),
        "by_preference": outcome.by_preference,
        "verdicts": {str(option): str(two.verdict) for option, two in outcome.options.items()},
    } == one["expect"]


@for_each("one", read_of_edition(CURRENT_EDITION, "hard_cases.yaml"), ids=lambda one: one["id"])
def test_hard_case(one: dict[str, Any]) -> None:
    outcome = decide_raw(one["answers"])

    assert summary_of(outcome) == one["expect"]
    assert set(one["says"]) <= true_rules(outcome).keys()


def test_same_input_gives_the_same_outcome() -> None:
    assert decide_raw(base_with()) == decide_raw(base_with())


def test_outcome_survives_json() -> None:
    outcome = decide_raw(vignette("partial-under-way-wants-both"))

    assert Outcome.model_validate_json(outcome.model_dump_json()) == outcome


def test_options_stand_in_their_fixed_order() -> None:
    assert list(decide_raw({}).options) == [KETAMINE, REPEAT_TMS, BOTH]


def test_true_stop_comes_before_review_and_missing_answers() -> None:
    outcome = decide_raw({"vascular_disease": "yes", "vascular_outside_head": "no"})

    assert verdicts(outcome) == (
        Verdict.NOT_SUITABLE,
        Verdict.SPECIALIST_REVIEW,
        Verdict.NOT_SUITABLE,
    )


def test_nothing_known_never_reads_as_safe() -> None:
    assert verdicts(decide_raw({})) == (Verdict.MORE_INFORMATION,) * 3


def test_both_carries_stops_reviews_pending_and_notes_of_its_halves_once() -> None:
    aneurysm = {"vascular_disease": "yes", "vascular_outside_head": "no"}
    outcome = decide_raw({"age_years": 10, "tms_courses": 1, **aneurysm})

    both = outcome.options[BOTH]

    assert rules(both.stops) == ["ketamine-stop-vascular"]
    assert rules(both.reviews) == ["review-age", "tms-review-vascular"]
    assert rules(both.pending).count("review-bipolar") == 1
    assert rules(both.notes) == sorted(
        set(rules(both.notes)), key=[rule.id for rule in load_edition().rules].index
    )
    assert {"note-rescreen", "note-schedule"} <= set(rules(both.notes))


def test_both_lists_only_reasons_of_its_own() -> None:
    both = decide_raw(vignette("partial-under-way-wants-both")).options[BOTH]

    assert {rule.split("-")[0] for rule in rules((*both.favour, *both.against))} == {"both"}


def test_both_carries_the_bar_of_a_half() -> None:
    outcome = decide_raw(
        base_with(preference="both", tms_access="no", ketamine_history="responded")
    )

    assert rules(outcome.options[BOTH].bars) == ["tms-against-access"]
    assert outcome.options[BOTH].verdict is Verdict.LESS_SUITABLE


def test_urgent_rule_leaves_nothing_leading_or_close() -> None:
    outcome = decide_raw(base_with(bp_systolic=190, ketamine_history="responded"))

    assert rules(outcome.urgent) == ["urgent-blood-pressure"]
    assert (outcome.leading, outcome.close) == ((), ())


@pytest.mark.parametrize(
    ("preference", "leading"),
    [("ketamine", (KETAMINE,)), ("repeat_tms", (REPEAT_TMS,)), ("none", ()), (None, ())],
)
def test_level_reasons_follow_the_preference(
    preference: str | None, leading: tuple[OptionId, ...]
) -> None:
    outcome = decide_raw(base_with(ketamine_history="responded", preference=preference))

    assert outcome.close == (KETAMINE, REPEAT_TMS)
    assert outcome.leading == leading
    assert outcome.by_preference is bool(leading)


def test_both_can_lead_by_preference_where_each_has_helped() -> None:
    helped = {"tms_best_response": "partial", "ketamine_history": "responded"}
    outcome = decide_raw(base_with(**helped, preference="both"))

    assert outcome.close == (KETAMINE, REPEAT_TMS, BOTH)
    assert outcome.leading == (BOTH,)


@pytest.mark.parametrize("preference", ["none", "ketamine"])
def test_level_reasons_too_weak_to_lead_are_close_and_none_leads(preference: str) -> None:
    level: dict[str, Any] = {
        "antidepressant_trials": 1,
        "speed_needed": "days",
        "accelerated_tms": "yes",
    }
    short: dict[str, Any] = {"tms_best_response": "none", "tms_last_sessions": 12}
    outcome = decide_raw(base_with(**level, **short, preference=preference))

    assert outcome.close == (KETAMINE, REPEAT_TMS)
    assert outcome.leading == ()
    assert outcome.by_preference is False


def test_leading_with_an_unknown_bar_is_reasonable_and_says_what_is_open() -> None:
    outcome = decide_raw(vignette("attendance-unknown-accelerated"))
    tms = outcome.options[REPEAT_TMS]

    assert tms.leads
    assert tms.verdict is Verdict.REASONABLE
    assert [(one.rule, one.waits_for) for one in tms.pending_bars] == [
        ("tms-against-attendance", ("accelerated_tms",))
    ]


WANTS_BOTH = {
    "tms_best_response": "partial",
    "ketamine_history": "responded",
    "preference": "both",
}
"""Answers with which both at once leads."""


def test_both_leads_once_everything_that_could_bar_it_is_known() -> None:
    assert decide_raw(base_with(**WANTS_BOTH)).leading == (BOTH,)


@pytest.mark.parametrize(
    ("still_open", "rule_id"),
    [
        ("preference", "both-against-not-asked-for"),
        ("tms_best_response", "both-against-no-reason"),
        ("escort", "ketamine-against-escort"),
        ("tms_access", "tms-against-access"),
    ],
)
def test_what_is_open_holds_both_back_and_neither_half(still_open: str, rule_id: str) -> None:
    answers: dict[str, Any] = {**WANTS_BOTH, still_open: None}
    outcome = decide_raw(base_with(**answers))
    both = outcome.options[BOTH]

    assert (both.verdict, both.barred, both.leads) == (Verdict.LESS_SUITABLE, True, False)
    assert both.is_held_open
    assert both.pending_bars[-1].rule == rule_id
    assert not any(outcome.options[half].barred for half in (KETAMINE, REPEAT_TMS))


def test_what_is_open_lets_both_lead_in_the_earlier_edition() -> None:
    """Only what its rules themselves say of open answers holds it back there."""
    raw = base_with(edition_id=EARLIER_EDITION, **WANTS_BOTH, escort=None)

    assert decide_raw(raw, edition_id=EARLIER_EDITION).leading == (BOTH,)


def test_both_with_a_true_bar_is_not_held_back_by_what_is_open_alone() -> None:
    answers: dict[str, Any] = {**WANTS_BOTH, "escort": None, "tms_access": "no"}
    both = decide_raw(base_with(**answers)).options[BOTH]

    assert both.barred
    assert not both.is_held_open


def test_both_leading_without_published_support_is_reasonable() -> None:
    both = decide_raw(vignette("partial-under-way-wants-both")).options[BOTH]

    assert both.leads
    assert both.verdict is Verdict.REASONABLE


RULE = "ketamine-favour-worked-before"
SOURCE = "sustain3-reinduction-2023"


@for_each(
    ("changes", "weight"),
    [
        ({"certainty": Certainty.HIGH}, Weight.STRONG),
        ({"certainty": Certainty.MODERATE}, Weight.STRONG),
        ({"certainty": Certainty.LOW}, Weight.MODERATE),
        ({"certainty": Certainty.VERY_LOW}, Weight.WEAK),
        ({"certainty": None}, Weight.WEAK),
        ({"verified": Verified.UNVERIFIED}, Weight.NONE),
        ({"kind": "label"}, Weight.NONE),
        ({"kind": "guideline", "certainty": Certainty.HIGH}, Weight.NONE),
        ({"kind": "clinic_web_page"}, Weight.NONE),
    ],
)
def test_reason_weighs_no_more_than_its_evidence(changes: dict[str, Any], weight: Weight) -> None:
    outcome = decide_raw(base_with(ketamine_history="responded"), evidence_with(SOURCE, **changes))
    ketamine = outcome.options[KETAMINE]

    found = [one for one in (*ketamine.favour, *ketamine.silent) if one.rule == RULE]

    assert [one.weight for one in found] == [weight]
    assert (RULE in rules(ketamine.silent)) is (weight is Weight.NONE)


@for_each(
    ("grade", "weight"),
    [
        (1, Weight.STRONG),
        (2, Weight.MODERATE),
        (3, Weight.WEAK),
        (4, Weight.WEAK),
        (None, Weight.WEAK),
    ],
)
def test_position_supports_by_its_own_grade(grade: int | None, weight: Weight) -> None:
    base = load_dossier()
    rule = load_edition().rule("ketamine-favour-resistance")
    positions = [
        one.model_copy(update={"grade": grade}) if one.id in rule.positions else one
        for one in base.positions
    ]
    evidence = EvidenceBase(
        release="positions only",
        sources=base.sources,
        positions=tuple(positions),
        retracted=frozenset(rule.evidence),
    )

    outcome = decide_raw(base_with(), evidence)
    found = [one for one in outcome.options[KETAMINE].favour if one.rule == rule.id]

    assert [one.weight for one in found] == [min(weight, Weight.MODERATE)]


def test_retracting_a_guideline_withdraws_its_positions() -> None:
    evidence = load_dossier().with_retracted(frozenset({"lam-2024-canmat"}))

    outcome = decide_raw(base_with(suicide_risk="active"), evidence)
    ketamine = outcome.options[KETAMINE]

    assert "ketamine-favour-suicidal-thoughts" in rules(ketamine.silent)
    assert all(one.withdrawn for finding in ketamine.silent for one in finding.positions)


def test_silent_rule_keeps_its_bar() -> None:
    raw = base_with(tms_best_response="none", tms_benefit_months=None)
    rule = load_edition().rule("tms-against-no-response")

    outcome = decide_raw(raw, load_dossier().with_retracted(frozenset(rule.evidence)))
    tms = outcome.options[REPEAT_TMS]

    assert rule.id in rules(tms.silent)
    assert rule.id not in rules(tms.against)
    assert tms.barred
    assert tms.verdict is Verdict.LESS_SUITABLE


def test_stops_reviews_and_urgent_rules_survive_without_any_evidence() -> None:
    base = load_dossier()
    nothing_left = base.with_retracted(frozenset(source.key for source in base.sources))
    raw = base_with(mania_now="yes", heart="stable")

    outcome = decide_raw(raw, nothing_left)

    assert rules(outcome.urgent) == ["urgent-mania"]
    assert rules(outcome.options[KETAMINE].stops) == ["stop-mania"]
    assert rules(outcome.options[KETAMINE].reviews) == ["ketamine-review-heart"]


def test_outcome_names_edition_and_evidence() -> None:
    outcome = decide_raw({})

    assert outcome.edition == load_edition().id
    assert outcome.edition_sha256 == load_edition().sha256
    assert outcome.evidence_sha256 == load_dossier().sha256


@pytest.mark.parametrize(("courses", "first"), [(0, True), (1, False), (None, False)])
def test_first_course_is_said_only_when_it_is_known(courses: int | None, first: bool) -> None:
    assert decide_raw(base_with(tms_courses=courses)).first_course is first
