"""How much the published evidence lets a rule weigh, and how the rule is cited."""

from __future__ import annotations

from decisions.rules.engine.edition import Edition
from decisions.rules.engine.outcomes import Citation, Finding, PositionCitation
from decisions.rules.engine.rules import WEIGHT_OF_STRENGTH, Rule, Weight
from evidence.domain.entries import EvidenceBase, Position, Source
from evidence.domain.terms import STUDIES, Certainty, Verified

WEIGHT_OF_CERTAINTY = {
    Certainty.HIGH: Weight.STRONG,
    Certainty.MODERATE: Weight.STRONG,
    Certainty.LOW: Weight.MODERATE,
    Certainty.VERY_LOW: Weight.WEAK,
    None: Weight.WEAK,
}
"""The most that a study of this certainty supports (header of rules.yaml)."""

WEIGHT_OF_GRADE = {1: Weight.STRONG, 2: Weight.MODERATE}
"""The most that a position of this grade supports; every other grade, and none, is weak."""


def weigh(rule: Rule, evidence: EvidenceBase) -> Weight:
    """What a favour or against rule weighs: its strength, or less where its support allows less.

    A practical rule keeps its strength. Other effects weigh nothing and never weaken.
    """
    if rule.strength is None:
        return Weight.NONE
    claimed = WEIGHT_OF_STRENGTH[rule.strength]
    if rule.is_practical:
        return claimed
    return min(claimed, best_support(rule, evidence))


def best_support(rule: Rule, evidence: EvidenceBase) -> Weight:
    """The most that any published, unretracted source or position of a rule supports."""
    supports = [support_of_source(evidence, key) for key in rule.evidence]
    supports += [support_of_position(evidence, name) for name in rule.positions]
    return max(supports, default=Weight.NONE)


def support_of_source(evidence: EvidenceBase, key: str) -> Weight:
    """What one source supports: nothing when retracted, unverified, missing or not a study."""
    if not evidence.has_source(key) or evidence.is_retracted(key):
        return Weight.NONE
    source = evidence.source(key)
    if source.verified is Verified.UNVERIFIED or source.kind not in STUDIES:
        return Weight.NONE
    return WEIGHT_OF_CERTAINTY[source.certainty]


def support_of_position(evidence: EvidenceBase, position_id: str) -> Weight:
    """What one guideline position supports: nothing when unverified or withdrawn."""
    if not evidence.has_position(position_id):
        return Weight.NONE
    position = evidence.position(position_id)
    if position.verified is Verified.UNVERIFIED or evidence.is_position_withdrawn(position_id):
        return Weight.NONE
    return WEIGHT_OF_GRADE.get(position.grade or 0, Weight.WEAK)


def find(edition: Edition, rule: Rule, evidence: EvidenceBase) -> Finding:
    """The finding that a rule gives wherever it is true."""
    return Finding(
        rule=rule.id,
        effect=rule.effect,
        options=rule.options,
        because=rule.because,
        strength=rule.strength,
        weight=weigh(rule, evidence),
        support=best_support(rule, evidence),
        practical=rule.is_practical,
        bars=rule.bars,
        questions=edition.questions_of(rule.when),
        evidence=_cite_all(rule.evidence, evidence),
        positions=tuple(
            _cite_position(evidence.position(name), evidence)
            for name in rule.positions
            if evidence.has_position(name)
        ),
        counter=_cite_all(rule.counter, evidence),
    )


def _cite_all(keys: tuple[str, ...], evidence: EvidenceBase) -> tuple[Citation, ...]:
    return tuple(
        cite(evidence.source(key), retracted=evidence.is_retracted(key))
        for key in keys
        if evidence.has_source(key)
    )


def cite(source: Source, *, retracted: bool) -> Citation:
    """A source as it is cited beside a reason."""
    return Citation(
        key=source.key,
        label=source.label,
        kind=source.kind,
        certainty=source.certainty,
        verified=source.verified,
        retracted=retracted,
    )


def _cite_position(position: Position, evidence: EvidenceBase) -> PositionCitation:
    return PositionCitation(
        id=position.id,
        guideline=position.guideline,
        label=evidence.source(position.guideline).label,
        indication=position.indication,
        stance=position.stance,
        line=position.line,
        grade=position.grade,
        verified=position.verified,
        withdrawn=evidence.is_position_withdrawn(position.id),
    )
