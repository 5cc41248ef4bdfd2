"""What would change a result: against every set of up to three changes, and by hand."""

from __future__ import annotations

from random import Random
from typing import Any

import pytest

from decisions.rules.engine.edition import Edition
from decisions.rules.engine.rules import Effect, OptionId, Rule
from decisions.rules.loading import load_edition
from decisions.rules.logic.conditions import parse_condition
from decisions.rules.sensitivity.changes import Change, what_would_change
from evidence.loading import load_dossier
from tests.collecting import for_each
from tests.decisions.partial_cases import partial_case
from tests.decisions.random_lines import random_answers
from tests.decisions.rules.cases import answers_of, base_with, decide_raw
from tests.oracles.brute_force import NOTHING, Answers
from tests.oracles.brute_force_changes import Changed, changes, single_changes
from tests.oracles.independent_conditions import rules
from tests.rounds import ROUNDS

KETAMINE, REPEAT_TMS, BOTH = OptionId
THREE = ("accelerated_tms", "breathing", "escort")
"""Circumstances that care can change. None of them alone changes what is said of TMS."""


def found_for(raw: Answers, gone: frozenset[str] = NOTHING) -> dict[OptionId, tuple[Change, ...]]:
    evidence = load_dossier().with_retracted(gone) if gone else load_dossier()
    return dict(what_would_change(load_edition(), answers_of(raw), evidence))


def plain(change: Change) -> Changed:
    return Changed(
        frozenset((step.question, step.to) for step in change.steps),
        change.verdict.value,
        frozenset(change.gained),
        frozenset(change.lost),
    )


def assert_is_what_trying_all_gives(answers: Answers, gone: frozenset[str] = NOTHING) -> int:
    expected = changes(answers, gone)

    found = found_for(answers, gone)

    for option, wanted in expected.items():
        given = found[OptionId(option)]
        assert {plain(change) for change in given} == wanted, (option, answers)
        assert len(given) == len(wanted), (option, answers)
    return sum(len(wanted) for wanted in expected.values())


def steps_for(raw: Answers, option: OptionId) -> set[tuple[tuple[str, Any], ...]]:
    """Every set of changes for an option, each in the order of the questionnaire."""
    return {
        tuple((step.question, step.to) for step in change.steps)
        for change in found_for(raw)[option]
    }


def with_steps(raw: Answers, change: Change) -> Answers:
    """The case after these changes."""
    to = {step.question: step.to for step in change.steps}
    return {**raw, **{q: list(v) if isinstance(v, tuple) else v for q, v in to.items()}}


@pytest.mark.slow
@pytest.mark.parametrize("make", [partial_case, random_answers])
def test_changes_are_those_that_trying_every_set_gives(make: Any) -> None:
    rng, cases = Random(1), 4 * ROUNDS

    assert sum(assert_is_what_trying_all_gives(make(rng)) for _ in range(cases)) > 2 * cases


@pytest.mark.slow
@pytest.mark.long  # others than the test before
def test_changes_of_many_cases_are_those_that_trying_every_set_gives() -> None:
    rng, cases = Random(2), 16 * ROUNDS

    found = sum(assert_is_what_trying_all_gives(partial_case(rng)) for _ in range(cases))

    assert found > 6 * cases


@pytest.mark.slow
def test_changes_under_retracted_evidence_are_those_that_trying_every_set_gives() -> None:
    rng = Random(3)
    cited = sorted({key for rule in rules() for key in rule.get("evidence", [])})

    for size in (1, 5, 30, len(cited)):
        assert_is_what_trying_all_gives(partial_case(rng), frozenset(rng.sample(cited, size)))


def test_every_change_gives_the_verdict_that_it_names() -> None:
    rng = Random(4)

    for _ in range(5):
        raw = partial_case(rng)
        for option, given in found_for(raw).items():
            before = decide_raw(raw).options[option].verdict
            for change in given[:10]:
                after = decide_raw(with_steps(raw, change)).options[option].verdict
                assert before != after == change.verdict


@for_each(
    ("systolic", "values"),
    [(100, {141, 181}), (140, {141, 181}), (141, {140, 181}), (180, {140, 181}), (190, {140, 180})],
)
def test_number_changes_to_the_nearest_value_across_each_threshold(
    systolic: int, values: set[int]
) -> None:
    """What is tried is held against values worked out by hand, what is found against decide()."""
    raw = base_with(bp_systolic=systolic)
    verdict = decide_raw(raw).options[KETAMINE].verdict

    tried = {to for question, to in single_changes(raw) if question == "bp_systolic"}
    found = {
        to
        for ((question, to), *more) in steps_for(raw, KETAMINE)
        if question == "bp_systolic" and not more
    }

    assert tried == values
    assert found == {
        value
        for value in values
        if decide_raw({**raw, "bp_systolic": value}).options[KETAMINE].verdict != verdict
    }


def test_reachable_blood_pressure_frees_ketamine_from_its_stop() -> None:
    change = next(
        change
        for change in found_for(base_with(bp_systolic=190))[KETAMINE]
        if [(step.question, step.to) for step in change.steps] == [("bp_systolic", 140)]
    )

    assert change.verdict == "reasonable"
    assert change.gained == ()
    assert change.lost == (
        "urgent-blood-pressure",
        "ketamine-stop-blood-pressure",
        "ketamine-review-blood-pressure",
    )


def test_two_reasons_have_to_go_together() -> None:
    raw = base_with(thyroid="yes", breathing="yes")

    assert (("thyroid", "no"), ("breathing", "no")) in steps_for(raw, KETAMINE)
    assert not {(("thyroid", "no"),), (("breathing", "no"),)} & steps_for(raw, KETAMINE)


def test_only_changeable_questions_with_a_known_answer_are_changed() -> None:
    questionnaire = load_edition().questionnaire
    raw = base_with(bp_systolic="unknown", escort=None)

    changed = {
        step.question
        for given in found_for(raw).values()
        for change in given
        for step in change.steps
    }

    assert changed
    assert all(questionnaire.question(question).changeable for question in changed)
    assert not changed & {"bp_systolic", "escort"}


def test_choices_change_by_one_value() -> None:
    raw = base_with(ketamine_access=["iv"], threshold_factors=["severe_sleep_loss"])

    values = {
        step.to
        for given in found_for(raw).values()
        for change in given
        for step in change.steps
        if step.question == "threshold_factors"
    }

    assert values <= {
        (),
        ("alcohol_or_sedative_withdrawal", "severe_sleep_loss"),
        ("severe_sleep_loss", "high_risk_medicine"),
    }
    assert () in values


def test_case_without_answers_has_no_changes() -> None:
    assert found_for({}) == dict.fromkeys(OptionId, ())


def test_rule_that_looks_at_three_changes_at_once_is_tried_with_all_three() -> None:
    """No edition has one; then what three changes do is not what each two of them do."""
    together = Rule(
        id="made-up-stop",
        effect=Effect.STOP,
        options=(REPEAT_TMS,),
        when=parse_condition({"all": [{"is": {name: "no"}} for name in THREE]}),
        because="Made up for this test",
    )
    edition = load_edition()
    longer = Edition(
        id=edition.id,
        questionnaire=edition.questionnaire,
        rules=(*edition.rules, together),
        instruments=edition.instruments,
        open_is_never_no=edition.open_is_never_no,
    )
    raw = base_with(**dict.fromkeys(THREE, "yes"))

    before, after = (
        what_would_change(one, answers_of(raw), load_dossier())[REPEAT_TMS]
        for one in (edition, longer)
    )

    (added,) = [change for change in after if change not in before]
    assert {(step.question, step.to) for step in added.steps} == {(name, "no") for name in THREE}
    assert (added.verdict, added.gained) == ("not_suitable", ("made-up-stop",))
