"""Rules that nothing supports any more: told to the list of what is left to do."""

from __future__ import annotations

from collections.abc import Iterator

from decisions.rules.engine.certainty_limits import best_support
from decisions.rules.engine.edition import Edition
from decisions.rules.engine.rules import Rule, Weight
from decisions.rules.loading import load_edition
from evidence.domain.entries import EvidenceBase
from evidence.todo import ToDo, ToDoKind, register


def rules_without_support(evidence: EvidenceBase) -> Iterator[ToDo]:
    """A line for each favor or against rule of the current edition that has lost its support."""
    for rule in unsupported_rules(load_edition(), evidence):
        yield ToDo(
            kind=ToDoKind.RULE_WITHOUT_SUPPORT,
            label=rule.id,
            sentence=f"Weighs nothing, for no source or position supports it: {rule.because}",
        )


def unsupported_rules(edition: Edition, evidence: EvidenceBase) -> tuple[Rule, ...]:
    """The rules that need support from evidence and have none. Practical rules need none."""
    return tuple(
        rule
        for rule in edition.rules
        if rule.strength is not None
        and not rule.is_practical
        and best_support(rule, evidence) is Weight.NONE
    )


register(rules_without_support)
