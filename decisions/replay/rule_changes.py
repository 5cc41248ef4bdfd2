"""How a rule differs between two sides, whatever comes of it."""

from __future__ import annotations

from decisions.replay.differences import RuleChange
from decisions.rules.engine.rules import Effect, OptionId
from decisions.rules.engine.verdicts import is_proof
from decisions.rules.engine.weighed_rules import Prepared


def what_differs(before: Prepared, after: Prepared | None) -> tuple[str, ...]:
    """What of a rule the sides do not share; none where it is the same."""
    if after is None:
        return ("removed",)
    found = {
        "condition": before.rule.when != after.rule.when,
        "effect": before.rule.effect != after.rule.effect,
        "options": before.rule.options != after.rule.options,
        "bars": before.rule.bars != after.rule.bars,
        "weight": before.finding.weight != after.finding.weight,
        "support": _is_proof(before) != _is_proof(after),
    }
    return tuple(what for what, differs in found.items() if differs)


def _is_proof(one: Prepared) -> bool:
    """Whether the rule's support, beyond its weight, decides anything: that `both` is favored."""
    return (
        one.rule.effect is Effect.FAVOUR
        and OptionId.BOTH in one.rule.options
        and is_proof(one.finding)
    )


def rule_change(
    before: Prepared | None, after: Prepared | None, what: tuple[str, ...]
) -> RuleChange:
    """A rule of one side or both, and what of it differs."""
    one = after or before
    if one is None:
        raise ValueError("a rule that is on neither side has not changed")
    return RuleChange(
        rule=one.rule.id,
        what=what,
        weight_before=before.finding.weight if before else None,
        weight_after=after.finding.weight if after else None,
    )
