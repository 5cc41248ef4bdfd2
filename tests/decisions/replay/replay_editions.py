"""Editions that were never released: the current one with some rules changed, for comparing."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from decisions.rules.engine.edition import Edition
from decisions.rules.engine.rules import Rule
from decisions.rules.engine.verdicts import PREFERENCE
from decisions.rules.loading import load_edition
from decisions.rules.logic.conditions import parse_condition
from decisions.rules.questionnaire.questionnaire import Question, Questionnaire

DRAFT = "draft"


def with_rules(rules: tuple[Rule, ...]) -> Edition:
    """The current edition with other rules, under another id."""
    return _edition(load_edition().questionnaire, rules)


def without(*rule_ids: str) -> Edition:
    """Without some rules."""
    return with_rules(tuple(one for one in load_edition().rules if one.id not in rule_ids))


def with_changed(**fields_by_rule: dict[str, Any]) -> Edition:
    """With fields of some rules changed; `_` stands for the hyphen in a rule's id."""
    changes = {name.replace("_", "-"): fields for name, fields in fields_by_rule.items()}
    return with_rules(
        tuple(_changed(rule, changes.pop(rule.id, {})) for rule in load_edition().rules)
    )


def with_added(*rules: dict[str, Any]) -> Edition:
    """With some rules more, at the end, as plain data of rules.yaml."""
    added = tuple(_rule(one) for one in rules)
    return with_rules((*load_edition().rules, *added))


def without_question(question_id: str) -> Edition:
    """Without a question and the rules that speak of it."""
    used = {rule.id for rule in load_edition().rules_using(question_id)}
    rules = tuple(rule for rule in load_edition().rules if rule.id not in used)
    return _edition(_asking(lambda one: None if one.id == question_id else one), rules)


def asking_preference_when(raw: dict[str, Any]) -> Edition:
    """With the patient's preference asked only while a condition holds."""
    asked = {"ask_when": parse_condition(raw)}
    return _edition(
        _asking(lambda one: one.model_copy(update=asked) if one.id == PREFERENCE else one),
        load_edition().rules,
    )


def _asking(change: Callable[[Question], Question | None]) -> Questionnaire:
    """The questionnaire with each question changed, or left out."""
    edition = load_edition()
    sections = []
    for section in edition.questionnaire.sections:
        questions = tuple(filter(None, map(change, section.questions)))
        sections.append(section.model_copy(update={"questions": questions}))
    return Questionnaire(edition=edition.id, sections=tuple(sections))


def _rule(raw: dict[str, Any]) -> Rule:
    return Rule.model_validate({**raw, "when": parse_condition(raw["when"])})


def _changed(rule: Rule, fields: dict[str, Any]) -> Rule:
    if "when" in fields:
        fields = {**fields, "when": parse_condition(fields["when"])}
    unchanged = {name: getattr(rule, name) for name in Rule.model_fields}
    return Rule(**{**unchanged, **fields})


def _edition(questionnaire: Questionnaire, rules: tuple[Rule, ...]) -> Edition:
    return Edition(
        id=DRAFT,
        questionnaire=Questionnaire(edition=DRAFT, sections=questionnaire.sections),
        rules=rules,
        instruments=load_edition().instruments,
        open_is_never_no=load_edition().open_is_never_no,
    )
