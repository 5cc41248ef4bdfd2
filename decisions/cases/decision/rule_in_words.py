"""A rule's condition in words that a clinician reads once, generated from the rule itself."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

from decisions.rules.engine.edition import Edition
from decisions.rules.logic.conditions import (
    All,
    Always,
    AnyOf,
    AtLeast,
    Below,
    Condition,
    In,
    Includes,
    Is,
    Leaf,
    Not,
    Unanswered,
)
from decisions.rules.question_names import question_names
from decisions.rules.questionnaire.questionnaire import Question


@lru_cache(maxsize=1024)
def condition_in_words(edition: Edition, rule_id: str) -> str:
    """When a rule is true, as one sentence without a full stop."""
    names = question_names(edition.id)
    return _say(edition, names, edition.rule(rule_id).when)


def _say(edition: Edition, names: Mapping[str, str], condition: Condition) -> str:
    match condition:
        case Always():
            return "always"
        case All():
            return " and ".join(_bracketed(edition, names, part) for part in condition.parts)
        case AnyOf():
            return " or ".join(_bracketed(edition, names, part) for part in condition.parts)
        case Not():
            return f"not ({_say(edition, names, condition.part)})"
        case _:
            return _say_leaf(edition, names, condition)


def _bracketed(edition: Edition, names: Mapping[str, str], condition: Condition) -> str:
    words = _say(edition, names, condition)
    return f"({words})" if isinstance(condition, All | AnyOf) else words


def _say_leaf(edition: Edition, names: Mapping[str, str], leaf: Leaf) -> str:
    question = edition.questionnaire.owner_of(leaf.question)
    name = _name(names[question.id], question, leaf.question)
    match leaf:
        case Unanswered():
            return f"{name} is open or not known"
        case AtLeast():
            return f"{name} is {leaf.number} or more"
        case Below():
            return f"{name} is below {leaf.number}"
        case Includes():
            return f"{name} includes “{question.label_of(leaf.value)}”"
        case In():
            return f"{name} is {_one_of(question, leaf.values)}"
        case Is():
            return f"{name} is {_value(question, leaf.value)}"


def _name(short: str, question: Question, used: str) -> str:
    """The short name, with "total" or "item 9" where a value derived from a form is meant."""
    if used == question.id:
        return short
    part = used.removeprefix(f"{question.id}_").replace("item", "item ")
    return f"{short} {part}"


def _one_of(question: Question, values: frozenset[str]) -> str:
    labels = [f"“{option.label}”" for option in question.choices if option.value in values]
    return " or ".join(labels)


def _value(question: Question, value: str | int | frozenset[str]) -> str:
    if isinstance(value, int):
        return str(value)
    if isinstance(value, str):
        return f"“{question.label_of(value)}”"
    return _one_of(question, value).replace(" or ", " and ") or "none of those asked"
