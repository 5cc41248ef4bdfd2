"""A favor or against rule that lost its support is listed; every other rule is not."""

from __future__ import annotations

from decisions.cases.evidence_hooks import rules_without_support, unsupported_rules
from decisions.rules.loading import load_edition
from evidence.hook_points import TO_DO
from evidence.loading import load_dossier
from evidence.todo import ToDoKind


def test_no_rule_of_the_edition_lacks_support() -> None:
    assert unsupported_rules(load_edition(), load_dossier()) == ()


def test_each_rule_is_listed_once_all_of_its_own_sources_are_retracted() -> None:
    edition, evidence = load_edition(), load_dossier()

    for rule in edition.rules:
        if rule.strength is None or rule.is_practical:
            continue
        guidelines = {evidence.position(one).guideline for one in rule.positions}
        without = evidence.with_retracted(frozenset({*rule.evidence, *guidelines}))
        listed = {one.label for one in rules_without_support(without)}
        assert rule.id in listed


def test_rule_that_keeps_one_support_is_not_listed() -> None:
    evidence = load_dossier().with_retracted(frozenset({"philip-2016", "lam-2024-canmat"}))

    listed = {one.label for one in rules_without_support(evidence)}

    assert "tms-favour-worked-before" not in listed


def test_list_of_what_is_left_to_do_asks_for_them() -> None:
    everything = load_dossier().with_retracted(
        frozenset(source.key for source in load_dossier().sources)
    )
    lost = set(rules_without_support(everything))
    assert {one.kind for one in lost} == {ToDoKind.RULE_WITHOUT_SUPPORT}
    assert lost <= {one for teller in TO_DO.tellers for one in teller(everything)}
