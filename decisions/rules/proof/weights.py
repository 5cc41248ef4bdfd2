"""What each reason weighs under a body of evidence.

Written from EVIDENCE in the header of rules.yaml, apart from `engine/certainty_limits.py`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from decisions.rules.engine.edition import Edition
from decisions.rules.engine.rules import Basis, Effect, OptionId, Rule, Strength
from evidence.domain.entries import EvidenceBase
from evidence.domain.terms import Certainty, Kind, Verified

STRENGTH = {Strength.STRONG: 3, Strength.MODERATE: 2, Strength.WEAK: 1}
MODERATE = 2

BY_CERTAINTY = {
    Certainty.HIGH: 3,
    Certainty.MODERATE: 3,
    Certainty.LOW: 2,
    Certainty.VERY_LOW: 1,
    None: 1,
}
BY_GRADE = {1: 3, 2: 2}
"""Every other grade, and none, supports as little as possible: 1."""

STUDIES = {
    Kind.SYSTEMATIC_REVIEW,
    Kind.META_ANALYSIS,
    Kind.RCT,
    Kind.COHORT,
    Kind.RETROSPECTIVE,
    Kind.CASE_SERIES,
    Kind.CASE_REPORT,
    Kind.NARRATIVE_REVIEW,
}


@dataclass(frozen=True)
class Weights:
    """Rule id -> what a reason weighs (0 to 3); and the reasons that can prove `both`.

    proofs: own favour rules of `both` that are not practical and have published support of
    moderate or more.
    """

    weight: Mapping[str, int]
    proofs: frozenset[str]


def weights_of(
    edition: Edition, evidence: EvidenceBase, withdrawn: frozenset[str] = frozenset()
) -> Weights:
    """What the reasons of an edition weigh, as if the withdrawn sources were retracted, too."""
    gone = evidence.retracted | withdrawn
    reasons = [r for r in edition.rules if r.effect in {Effect.FAVOUR, Effect.AGAINST}]
    support = {rule.id: support_of(rule, evidence, gone) for rule in reasons}
    return Weights(
        weight={rule.id: _weight(rule, support[rule.id]) for rule in reasons},
        proofs=frozenset(r.id for r in reasons if _can_prove_both(r, support[r.id])),
    )


def _weight(rule: Rule, support: int) -> int:
    claimed = STRENGTH[rule.strength] if rule.strength else 0
    return claimed if is_practical(rule) else min(claimed, support)


def is_practical(rule: Rule) -> bool:
    """Whether a reason rests on no study and keeps its strength."""
    return rule.basis is Basis.PRACTICAL


def _can_prove_both(rule: Rule, support: int) -> bool:
    speaks_for_both = rule.effect is Effect.FAVOUR and OptionId.BOTH in rule.options
    return speaks_for_both and not is_practical(rule) and support >= MODERATE


def support_of(rule: Rule, evidence: EvidenceBase, gone: frozenset[str]) -> int:
    """The best published support of a rule, without the sources that are gone: 0 to 3."""
    by_sources = [_of_source(key, evidence) for key in rule.evidence if key not in gone]
    by_positions = [_of_position(name, evidence, gone) for name in rule.positions]
    return max([0, *by_sources, *by_positions])


def _of_source(key: str, evidence: EvidenceBase) -> int:
    if not evidence.has_source(key):
        return 0
    source = evidence.source(key)
    is_read_study = source.kind in STUDIES and source.verified is not Verified.UNVERIFIED
    return BY_CERTAINTY[source.certainty] if is_read_study else 0


def _of_position(name: str, evidence: EvidenceBase, gone: frozenset[str]) -> int:
    if not evidence.has_position(name):
        return 0
    position = evidence.position(name)
    if position.guideline in gone or position.verified is Verified.UNVERIFIED:
        return 0
    return BY_GRADE.get(position.grade or 0, 1)
