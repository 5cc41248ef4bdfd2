"""Faithful reasons: a rule is decisive exactly when taking it away changes something."""

from __future__ import annotations

from random import Random

import pytest

from decisions.rules.engine.decide import decide
from decisions.rules.engine.edition import Edition
from decisions.rules.engine.outcomes import Outcome
from decisions.rules.engine.rules import OptionId
from decisions.rules.loading import load_edition
from decisions.rules.sensitivity.decisive import decisive_rules
from evidence.loading import load_dossier
from tests.decisions.partial_cases import complete_answers, partial_case
from tests.decisions.rules.cases import answers_of, base_with, decide_raw, read_vignettes
from tests.oracles.brute_force import Answers
from tests.oracles.brute_force_changes import decisive
from tests.oracles.independent_conditions import rules
from tests.rounds import ROUNDS

KETAMINE, REPEAT_TMS, BOTH = OptionId


def found_for(raw: Answers) -> dict[OptionId, frozenset[str]]:
    return dict(decisive_rules(load_edition(), answers_of(raw), load_dossier()))


def edition_without(rule_id: str) -> Edition:
    """The released edition with one rule taken away."""
    whole = load_edition()
    return Edition(
        id=whole.id,
        questionnaire=whole.questionnaire,
        rules=tuple(rule for rule in whole.rules if rule.id != rule_id),
        instruments=whole.instruments,
        open_is_never_no=whole.open_is_never_no,
    )


def status(outcome: Outcome, option: OptionId) -> tuple[object, ...]:
    one = outcome.options[option]
    return outcome.leading, one.verdict, one.barred


def reasons_of(outcome: Outcome, option: OptionId) -> set[str]:
    """The rules that an option shows as its reasons."""
    one = outcome.options[option]
    groups = (one.stops, one.reviews, one.bars, one.favour, one.against)
    return {finding.rule for group in groups for finding in group}


@pytest.mark.slow
def test_taking_away_a_decisive_rule_changes_verdict_bar_or_leading_and_another_does_not() -> None:
    """Through decide() with an edition that lacks the rule, for every reason of every vignette."""
    without = {rule.id: edition_without(rule.id) for rule in load_edition().rules}

    for vignette in read_vignettes():
        raw = vignette["answers"]
        whole, decisive_of = decide_raw(raw), found_for(raw)
        for option in OptionId:
            for rule_id in reasons_of(whole, option):
                rest = decide(without[rule_id], answers_of(raw), load_dossier())
                changed = status(rest, option) != status(whole, option)
                assert changed == (rule_id in decisive_of[option]), (
                    vignette["id"],
                    option,
                    rule_id,
                )


@pytest.mark.slow
def test_decisive_rules_are_those_that_taking_away_each_in_turn_gives() -> None:
    rng = Random(1)

    for make in (partial_case, complete_answers):
        for _ in range(50 * ROUNDS):
            answers = make(rng)
            found = {option.value: set(rule_ids) for option, rule_ids in found_for(answers).items()}
            assert found == decisive(answers), answers


@pytest.mark.slow
def test_decisive_rules_under_retracted_evidence() -> None:
    rng = Random(2)
    cited = sorted({key for rule in rules() for key in rule.get("evidence", [])})

    for size in (1, 5, 30, len(cited)):
        gone = frozenset(rng.sample(cited, size))
        evidence = load_dossier().with_retracted(gone)
        for _ in range(25):
            answers = partial_case(rng)
            found = decisive_rules(load_edition(), answers_of(answers), evidence)
            assert {option.value: set(ids) for option, ids in found.items()} == decisive(
                answers, gone
            ), answers


def test_one_of_two_stops_alone_is_not_decisive() -> None:
    one = found_for(base_with(vascular_disease="yes"))
    two = found_for(base_with(vascular_disease="yes", ketamine_allergy="yes"))

    assert one[KETAMINE] == {"ketamine-stop-vascular"}
    assert two[KETAMINE] == frozenset()


def test_one_of_two_bars_alone_is_not_decisive() -> None:
    one = found_for(base_with(tms_access="no"))
    two = found_for(base_with(tms_access="no", daily_visits="no"))

    assert "tms-against-access" in one[REPEAT_TMS]
    assert not {"tms-against-access", "tms-against-attendance"} & two[REPEAT_TMS]


def test_notes_are_never_decisive() -> None:
    notes = {rule.id for rule in load_edition().rules if rule.effect == "note"}
    rng = Random(3)

    for _ in range(20):
        found = found_for(partial_case(rng))
        assert not notes & frozenset().union(*found.values())
