"""What a rule rests on."""

from __future__ import annotations

from decisions.rules.engine.rules import Rule
from evidence.domain.entries import EvidenceBase


def sources_of_rule(rule: Rule, *bodies: EvidenceBase) -> tuple[str, ...]:
    """The keys of its sources and of the guidelines of its positions, in any of these bodies."""
    guidelines = (
        evidence.position(one).guideline
        for evidence in bodies
        for one in rule.positions
        if evidence.has_position(one)
    )
    return tuple(dict.fromkeys((*rule.evidence, *rule.counter, *guidelines)))
