"""Conditions: each operator in each state of knowledge, and what may not be written."""

from typing import Any

import pytest

from decisions.rules.logic.conditions import ConditionError, Fact, Missing, ids_in, parse_condition
from decisions.rules.logic.truth import Truth
from tests.collecting import for_each

T, U, F = Truth.TRUE, Truth.UNKNOWN, Truth.FALSE
UNKNOWN, NOT_APPLICABLE = Missing.UNKNOWN, Missing.NOT_APPLICABLE


@for_each(
    ("raw", "fact", "truth"),
    [
        ({"is": {"q": "a"}}, "a", T),
        ({"is": {"q": "a"}}, "b", F),
        ({"is": {"q": ["a", "b"]}}, frozenset({"b", "a"}), T),
        ({"is": {"q": ["a"]}}, frozenset({"a", "b"}), F),
        ({"is": {"q": []}}, frozenset[str](), T),
        ({"is": {"q": []}}, frozenset({"a"}), F),
        ({"in": {"q": ["a", "b"]}}, "b", T),
        ({"in": {"q": ["a", "b"]}}, "c", F),
        ({"includes": {"q": "a"}}, frozenset({"a", "b"}), T),
        ({"includes": {"q": "a"}}, frozenset[str](), F),
        ({"at_least": {"q": 5}}, 5, T),
        ({"at_least": {"q": 5}}, 4, F),
        ({"below": {"q": 5}}, 4, T),
        ({"below": {"q": 5}}, 5, F),
        ({"unanswered": "q"}, 5, F),
        ({"not": {"below": {"q": 5}}}, 5, T),
        ({"always": True}, UNKNOWN, T),
    ],
)
def test_evaluate_known(raw: dict[str, Any], fact: Fact, truth: Truth) -> None:
    assert parse_condition(raw).evaluate({"q": fact}) is truth


ATOMS: list[dict[str, Any]] = [
    {"is": {"q": "a"}},
    {"is": {"q": []}},
    {"in": {"q": ["a"]}},
    {"includes": {"q": "a"}},
    {"at_least": {"q": 1}},
    {"below": {"q": 1}},
]


@for_each("raw", ATOMS)
def test_evaluate_unknown_is_unknown_and_so_is_its_negation(raw: dict[str, Any]) -> None:
    assert parse_condition(raw).evaluate({"q": UNKNOWN}) is U
    assert parse_condition({"not": raw}).evaluate({"q": UNKNOWN}) is U


@for_each("raw", ATOMS)
def test_evaluate_not_applicable_is_false_and_its_negation_true(raw: dict[str, Any]) -> None:
    assert parse_condition(raw).evaluate({"q": NOT_APPLICABLE}) is F
    assert parse_condition({"not": raw}).evaluate({"q": NOT_APPLICABLE}) is T


def test_unanswered_is_never_unknown() -> None:
    condition = parse_condition({"unanswered": "q"})

    assert condition.evaluate({"q": UNKNOWN}) is T
    assert condition.evaluate({"q": NOT_APPLICABLE}) is F


@for_each(
    ("raw", "says"),
    [
        ({}, "one operator"),
        ("always", "one operator"),
        ({"is": {"q": "a"}, "in": {"q": ["a"]}}, "one operator"),
        ({"equals": {"q": "a"}}, "unknown operator 'equals'"),
        ({"is": {"q": "a", "r": "b"}}, "one question"),
        ({"is": {"q": True}}, "quote yes/no"),
        ({"is": {"q": None}}, "quote yes/no"),
        ({"in": {"q": []}}, "at least one"),
        ({"in": {"q": [False]}}, "quote yes/no"),
        ({"includes": {"q": 1}}, "in words"),
        ({"at_least": {"q": "5"}}, "whole number"),
        ({"below": {"q": True}}, "whole number"),
        ({"below": {"q": 2.5}}, "whole number"),
        ({"all": []}, "at least one condition"),
        ({"any": {"is": {"q": "a"}}}, "at least one condition"),
        ({"not": []}, "one operator"),
        ({"always": False}, "true and nothing else"),
        ({"unanswered": ["q"]}, "names a question"),
    ],
)
def test_parse_refuses_what_cannot_be_meant(raw: object, says: str) -> None:
    with pytest.raises(ConditionError, match=says):
        parse_condition(raw)


def test_ids_in_finds_every_question_once() -> None:
    condition = parse_condition(
        {"all": [{"is": {"a": "x"}}, {"not": {"any": [{"unanswered": "b"}, {"below": {"a": 1}}]}}]}
    )

    assert ids_in(condition) == {"a", "b"}
    assert ids_in(None) == frozenset()
