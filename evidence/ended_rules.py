"""Rules as curators see them: beside each that something it rests on has ended.

A stored impact holds each rule as it reads; what has ended by now is said when it is shown.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from evidence.domain.impact import Impact, RuleImpact
from evidence.ending import Endings
from evidence.hooks import Usage


def said_rules(rules: Iterable[RuleImpact], endings: Endings) -> tuple[RuleImpact, ...]:
    """Rules with their weights."""
    return tuple(
        one.model_copy(update={"because": endings.said(one.because, one.rests_on)}) for one in rules
    )


def said_impact(impact: Impact, endings: Endings) -> Impact:
    """The rules of an impact, and the same sentences where its groups of cases name them."""
    rules = said_rules(impact.rules, endings)
    said = {was.because: now.because for was, now in zip(impact.rules, rules, strict=True)}
    groups = tuple(
        group.model_copy(update={"rules": tuple(said.get(one, one) for one in group.rules)})
        for group in impact.groups
    )
    return impact.model_copy(update={"rules": rules, "groups": groups})


def said_usage(usage: Usage, endings: Endings) -> Usage:
    """A place that rests on a source."""
    ended = endings.beside(usage.rests_on, usage.cautions)
    return replace(usage, label=f"{usage.label} {ended}".strip())
