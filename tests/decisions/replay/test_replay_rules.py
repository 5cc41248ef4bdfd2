"""Who is responsible: rules that, put back, undo a difference, and no rule too many."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pytest

from decisions.replay.cases import StoredCase
from decisions.replay.differences import Aspect, How
from decisions.replay.replay import replay
from decisions.replay.responsible_rules import Side
from decisions.rules.engine.decide import decide
from decisions.rules.engine.edition import Edition
from decisions.rules.engine.rules import OptionId
from decisions.rules.questionnaire.answers import Answers
from tests.decisions.replay.replay_cases import (
    ADDED_STOP,
    ALL_KEYS,
    MANY_CHANGES,
    NOW,
    random_cases,
    retracting,
    stored,
    under,
    view_of,
)
from tests.decisions.replay.replay_editions import (
    asking_preference_when,
    with_added,
    with_rules,
    without,
)
from tests.decisions.rules.cases import base_with, read_vignettes


def put_back(after: Edition, rule_ids: Iterable[str]) -> Edition:
    """The edition after, with these rules as the current edition has them."""
    current = {rule.id: rule for rule in NOW.edition.rules}
    kept = [rule for rule in after.rules if rule.id not in rule_ids]
    return with_rules((*kept, *(current[one] for one in rule_ids if one in current)))


@pytest.mark.slow
@pytest.mark.parametrize(
    "after",
    [
        MANY_CHANGES,
        without("stop-mania", "ketamine-stop-psychosis", "ketamine-stop-allergy"),
        without(*(rule.id for rule in NOW.edition.rules if rule.effect == "favour")),
    ],
    ids=["rules changed", "stops less", "no reason for anything"],
)
def test_rules_responsible_undo_the_difference_and_fewer_do_not(after: Edition) -> None:
    cases = {case.name.case_id: case for case in random_cases(3)}

    differences = replay(cases.values(), NOW, under(after))

    for group in differences.groups:
        how, rules = group.responsible.how, group.responsible.rules
        sets = [rules] if how is How.TOGETHER else [(rule,) for rule in rules]
        too_few = [tuple(one for one in rules if one != rule) for rule in rules]
        for one in group.changes:
            case, change = cases[one.cases[0].case_id], one.change
            place = (change.aspect, change.option)
            for some in sets:
                assert view_of(case, under(put_back(after, some)))[place] == change.before
            for some in too_few if how is How.TOGETHER else []:
                assert view_of(case, under(put_back(after, some)))[place] != change.before


def responsible_for(
    cases: list[StoredCase], after: Side, aspect: Aspect, option: OptionId | None
) -> tuple[How, tuple[str, ...]]:
    """Who is responsible for the one change of this aspect of this option."""
    [found] = [
        group.responsible
        for group in replay(cases, NOW, after).groups
        for one in group.changes
        if (one.change.aspect, one.change.option) == (aspect, option)
    ]
    return found.how, found.rules


KETAMINE = (Aspect.VERDICT, OptionId.KETAMINE)


def test_one_rule_is_responsible_alone() -> None:
    after = under(with_added({**ADDED_STOP, "id": "made-up", "when": {"always": True}}))

    assert responsible_for(stored(base_with()), after, *KETAMINE) == (How.ALONE, ("made-up",))


def test_two_rules_are_responsible_together_where_either_is_enough_to_change() -> None:
    after = under(
        with_added(
            {**ADDED_STOP, "id": "made-up", "when": {"always": True}},
            {**ADDED_STOP, "id": "made-up-too", "when": {"is": {"escort": "yes"}}},
            {**ADDED_STOP, "id": "of-others", "when": {"is": {"escort": "no"}}},
        )
    )
    expected = (How.TOGETHER, ("made-up", "made-up-too"))

    assert responsible_for(stored(base_with(escort="yes")), after, *KETAMINE) == expected


def test_each_of_two_rules_is_responsible_where_it_takes_both_to_change() -> None:
    after = under(without("urgent-mania", "urgent-psychosis"))
    case = base_with(mania_now="yes", psychosis="current")

    found = responsible_for(stored(case), after, Aspect.ACT_FIRST, None)

    assert found == (How.EACH, ("urgent-psychosis", "urgent-mania"))


def test_a_rule_whose_weight_falls_is_responsible() -> None:
    cases = stored(*(one["answers"] for one in read_vignettes()))
    differences = replay(cases, NOW, retracting(*ALL_KEYS))
    weighing_less = {
        one.rule for one in differences.rules if (one.weight_after or 0) < (one.weight_before or 0)
    }

    assert differences.groups
    for group in differences.groups:
        assert set(group.responsible.rules) <= weighing_less


def test_no_rule_is_responsible_where_the_preference_is_read_otherwise() -> None:
    [case] = stored(next(one["answers"] for one in read_vignettes() if leads_by_preference(one)))
    after = under(asking_preference_when({"below": {"age_years": 1}}))

    found = responsible_for([case], after, Aspect.LEADING, None)

    assert found == (How.NO_RULE, ())


def leads_by_preference(vignette: dict[str, Any]) -> bool:
    answers = Answers.read(NOW.edition.questionnaire, vignette["answers"])
    return decide(NOW.edition, answers, NOW.evidence).by_preference


def test_rules_say_how_they_differ() -> None:
    added = {**ADDED_STOP, "id": "made-up", "when": {"always": True}}
    found = {one.rule: one for one in replay([], NOW, under(with_added(added))).rules}
    changed = {one.rule: one for one in replay([], NOW, under(MANY_CHANGES)).rules}
    removed = {one.rule: one for one in replay([], NOW, under(without("stop-mania"))).rules}

    assert {name: one.what for name, one in found.items()} == {"made-up": ("added",)}
    assert {name: one.what for name, one in removed.items()} == {"stop-mania": ("removed",)}
    assert {name: one.what for name, one in changed.items()} == {
        "ketamine-stop-heart": ("effect",),
        "ketamine-stop-blood-pressure": ("condition",),
        "tms-favour-worked-before": ("weight",),
        "both-favour-bridge": ("options",),
    }
