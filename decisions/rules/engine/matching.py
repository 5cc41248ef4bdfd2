"""Which rules are not false in a case, found by looking up what was found before.

A rule looks at few questions, and of a number only on which side of its thresholds it is. So
the same few combinations of answers come again and again: for each group of rules that look at
the same questions, each combination is evaluated once and kept.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable
from functools import lru_cache
from operator import itemgetter
from typing import NamedTuple

from decisions.rules.engine.edition import Edition
from decisions.rules.engine.weighed_rules import Prepared, prepare
from decisions.rules.logic.conditions import Fact, Facts, ids_in, leaves_in
from decisions.rules.logic.thresholds import thresholds
from decisions.rules.logic.truth import Truth
from evidence.domain.entries import EvidenceBase


class Hit(NamedTuple):
    """A rule that is true or UNKNOWN. place: its place among the rules, from 0."""

    place: int
    rule: Prepared
    truth: Truth


def hits_in(edition: Edition, evidence: EvidenceBase, facts: Facts) -> tuple[Hit, ...]:
    """Every rule that is true or UNKNOWN of these facts, in the order of the rules."""
    groups, levels = _grouped(edition, evidence)
    seen = dict(facts)
    for name, level in levels:
        fact = seen[name]
        if type(fact) is int:
            seen[name] = level.of(fact)
    found: list[Hit] = []
    for group in groups:
        found += group.hits(seen)
    found.sort(key=_PLACE)
    return tuple(found)


_PLACE = itemgetter(0)


class _Levels:
    """The numbers between two thresholds, of which no rule tells one from another."""

    def __init__(self, starts: Iterable[int]) -> None:
        self._starts = sorted(set(starts))

    def of(self, number: int) -> int:
        """A number that stands for all on its level: the threshold below, or one below them all."""
        place = bisect_right(self._starts, number)
        return self._starts[place - 1] if place else self._starts[0] - 1


class _Group:
    """The rules that look at the same questions and derived values."""

    def __init__(self, names: tuple[str, ...], rules: list[tuple[int, Prepared]]) -> None:
        self._key = itemgetter(*names) if names else _nothing
        self._rules = rules
        self._found: dict[object, tuple[Hit, ...]] = {}

    def hits(self, facts: dict[str, Fact]) -> tuple[Hit, ...]:
        """The rules of the group that are true or UNKNOWN."""
        key = self._key(facts)
        found = self._found.get(key)
        if found is None:
            found = self._found[key] = tuple(self._evaluate(facts))
        return found

    def _evaluate(self, facts: dict[str, Fact]) -> Iterable[Hit]:
        for place, one in self._rules:
            truth = one.rule.when.evaluate(facts)
            if truth is not Truth.FALSE:
                yield Hit(place, one, truth)


def _nothing(facts: dict[str, Fact]) -> None:
    """The key of rules that look at no question."""


_Grouped = tuple[tuple[_Group, ...], tuple[tuple[str, _Levels], ...]]


@lru_cache(maxsize=8)
def _grouped(edition: Edition, evidence: EvidenceBase) -> _Grouped:
    by_names: dict[tuple[str, ...], list[tuple[int, Prepared]]] = {}
    starts: dict[str, list[int]] = {}
    for place, one in enumerate(prepare(edition, evidence)):
        names = tuple(sorted(ids_in(one.rule.when)))
        by_names.setdefault(names, []).append((place, one))
        for leaf in leaves_in(one.rule.when):
            starts.setdefault(leaf.question, []).extend(thresholds(leaf))
    levels = tuple((name, _Levels(numbers)) for name, numbers in starts.items() if numbers)
    return tuple(_Group(names, rules) for names, rules in by_names.items()), levels
