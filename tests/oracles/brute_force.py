"""Verdicts and leading from the truth of the rules, written once more and for speed.

What the brute force of settled, changes and faithful reasons stands on: `judge` says what
rules of these truths come to, after the header of `rules.yaml`. Truths come from
`independent_conditions`; nothing is imported from `decisions` or `evidence`. That it agrees
with `independent_evaluation` is tested in `test_against_brute_force`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from tests.oracles.independent_conditions import (
    Truth,
    cached,
    evaluate,
    known_answers,
    names_in,
    open_is_never_no,
    rules,
)
from tests.oracles.independent_evaluation import (
    HALVES,
    OPTIONS,
    STRENGTHS,
    lead,
    support,
    weight,
)

Answers = dict[str, Any]
Truths = Mapping[str, Truth]
NOTHING: frozenset[str] = frozenset()
"""No source is retracted."""


@dataclass
class Judged:
    """What the rules come to: who leads, and per option its verdict, its bars and what stands.

    standing: the rules in its stops, reviews, bars, for or against, or in urgent. pending: the
    stops, reviews and bars that are unknown.
    """

    leading: tuple[str, ...] = ()
    verdicts: dict[str, str] = field(default_factory=dict)
    barred: dict[str, bool] = field(default_factory=dict)
    standing: dict[str, frozenset[str]] = field(default_factory=dict)
    pending: dict[str, frozenset[str]] = field(default_factory=dict)


@cached
def involved(rule_id: str) -> frozenset[str]:
    """The questions that can bear on whether a rule is true."""
    return frozenset(names_in(next(rule["when"] for rule in rules() if rule["id"] == rule_id)))


def truths_of(answers: Answers) -> dict[str, Truth]:
    known = known_answers(answers)
    return {rule["id"]: evaluate(rule["when"], known) for rule in rules()}


@cached
def carriers(rule_id: str) -> tuple[str, ...]:
    """The options that a rule enters: `both` too where it carries what its halves carry."""
    rule = next(rule for rule in rules() if rule["id"] == rule_id)
    own = rule.get("options", [])
    carried = rule["effect"] in {"stop", "review"} or rule.get("bars", False)
    with_both = carried and set(own) & set(HALVES)
    return tuple(option for option in OPTIONS if option in own or (option == "both" and with_both))


@cached
def weighs(rule_id: str, gone: frozenset[str]) -> int:
    return weight(next(rule for rule in rules() if rule["id"] == rule_id), gone)


@cached
def is_proof(rule_id: str, gone: frozenset[str]) -> bool:
    rule = next(rule for rule in rules() if rule["id"] == rule_id)
    return rule.get("basis") != "practical" and support(rule, gone) >= STRENGTHS["moderate"]


@cached
def own_rules(option: str) -> frozenset[str]:
    """The rules that name an option themselves."""
    return frozenset(rule["id"] for rule in rules() if option in rule.get("options", []))


@dataclass
class Sorted:
    """The rules that are true or unknown, by option, effect ("bar" besides) and truth."""

    gone: frozenset[str]
    found: dict[tuple[str, str, Truth], list[str]] = field(default_factory=dict)
    urgent: set[str] = field(default_factory=set)

    def these(self, option: str, effects: str, truth: Truth = True) -> list[str]:
        return [
            name
            for effect in effects.split()
            for name in self.found.get((option, effect, truth), [])
        ]

    def own(self, option: str, effect: str) -> list[str]:
        """The option's own reasons of one effect that weigh something."""
        named = [name for name in self.these(option, effect) if name in own_rules(option)]
        return [name for name in named if weighs(name, self.gone)]

    def sums(self) -> dict[str, int]:
        balance = {
            option: sum(weighs(name, self.gone) for name in self.own(option, "favour"))
            - sum(weighs(name, self.gone) for name in self.own(option, "against"))
            for option in OPTIONS
        }
        lower = min(balance[option] for option in HALVES)
        return {**balance, "both": min(lower, lower + balance["both"])}

    def is_held_back(self, option: str) -> bool:
        """By a true bar; both at once, where the edition says so, by an unknown one too."""
        waits = option == "both" and open_is_never_no()
        return bool(self.these(option, "bar") or (waits and self.these(option, "bar", None)))

    def is_open(self, option: str) -> bool:
        called_for = option != "both" or bool(self.own("both", "favour"))
        return called_for and not self.these(option, "stop") and not self.is_held_back(option)


def sort_rules(truths: Truths, gone: frozenset[str]) -> Sorted:
    result = Sorted(gone)
    for rule in rules():
        name, effect = rule["id"], rule["effect"]
        if (truth := truths.get(name, False)) is False or effect == "note":
            continue
        if effect == "urgent" and truth:
            result.urgent.add(name)
        for option in carriers(name):
            result.found.setdefault((option, effect, truth), []).append(name)
            if rule.get("bars"):
                result.found.setdefault((option, "bar", truth), []).append(name)
    return result


def judge(truths: Truths, preference: Any, gone: frozenset[str] = NOTHING) -> Judged:
    """What the rules in `truths` come to; a rule that is not in it does not exist."""
    found = sort_rules(truths, gone)
    sums = found.sums()
    is_open = [option for option in OPTIONS if found.is_open(option)]
    leading, _, _ = lead(sums, is_open, preference, bool(found.urgent))
    judged = Judged(leading=tuple(leading))
    for option in OPTIONS:
        own = {*found.own(option, "favour"), *found.own(option, "against")}
        judged.verdicts[option] = verdict_of(option, found, sums[option], leading)
        judged.barred[option] = found.is_held_back(option)
        judged.standing[option] = frozenset(found.these(option, "stop review bar")) | own
        judged.standing[option] |= found.urgent
        judged.pending[option] = frozenset(found.these(option, "stop review bar", None))
    return judged


def verdict_of(option: str, found: Sorted, total: int, leading: list[str]) -> str:
    if found.these(option, "stop"):
        return "not_suitable"
    if found.these(option, "review"):
        return "specialist_review"
    if found.these(option, "stop review", None):
        return "more_information"
    if found.is_held_back(option) or total < 0:
        return "less_suitable"
    own = found.own(option, "favour")
    proven = option != "both" or any(is_proof(name, found.gone) for name in own)
    firm = option in leading and not found.these(option, "bar", None)
    return "favoured" if firm and proven else "reasonable"


def judge_answers(answers: Answers, gone: frozenset[str] = NOTHING) -> Judged:
    return judge(truths_of(answers), known_answers(answers).get("preference"), gone)
