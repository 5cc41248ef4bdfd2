"""The rules of an edition as rows of a decision table, weighed under one body of evidence."""

from __future__ import annotations

from collections.abc import Iterable

from decisions.rules.engine.edition import Edition
from decisions.rules.engine.rules import Rule
from evidence.domain.entries import EvidenceBase
from evidence.domain.terms import Certainty, Kind, Verified
from tests.oracles.second_engine.expressions import Writer, literal

STRENGTHS = {"strong": 3, "moderate": 2, "weak": 1}
MOST_BY_CERTAINTY = {Certainty.HIGH: 3, Certainty.MODERATE: 3, Certainty.LOW: 2}
MOST_BY_GRADE = {1: 3, 2: 2}
LIFTS_NOTHING = {
    Kind.GUIDELINE,
    Kind.CONSENSUS,
    Kind.LABEL,
    Kind.REGULATORY,
    Kind.SAFETY_COMMUNICATION,
    Kind.TRIAL_REGISTRATION,
    Kind.CLINIC_WEB_PAGE,
}


def rule_rows(edition: Edition, evidence: EvidenceBase) -> list[dict[str, str]]:
    """One row a rule.

    points: what it adds to the sums of its options; proves: whether it can make `both` favored;
    reason: what is shown where it is true.
    """
    writer = Writer(edition.questionnaire)
    return [
        {
            "when": writer.write(rule.when),
            "effect": literal(str(rule.effect)),
            "options": literal([str(option) for option in rule.options]),
            "bars": literal(rule.bars),
            "points": _points(rule, evidence),
            "proves": _proves(rule, evidence),
            "reason": literal(_reason(rule, evidence)),
        }
        for rule in edition.rules
    ]


def _points(rule: Rule, evidence: EvidenceBase) -> str:
    if rule.effect not in {"favour", "against"}:
        return "0"
    sign = "" if rule.effect == "favour" else "-"
    claimed = STRENGTHS[str(rule.strength)]
    if rule.basis == "practical":
        return f"{sign}{claimed}"
    return f"{sign}min([{claimed}, {_best_support(rule, evidence)}])"


def _proves(rule: Rule, evidence: EvidenceBase) -> str:
    """Whether a reason has published support of moderate or more, practical ones aside."""
    if rule.basis == "practical":
        return "false"
    return f"{_best_support(rule, evidence)} >= {STRENGTHS['moderate']}"


def _best_support(rule: Rule, evidence: EvidenceBase) -> str:
    """The best support as an expression that names what each citation allows."""
    supports = [_of_source(evidence, key) for key in rule.evidence]
    supports += [_of_position(evidence, name) for name in rule.positions]
    return f"max({literal([0, *supports])})"


def _of_source(evidence: EvidenceBase, key: str) -> int:
    source = evidence.source(key)
    if key in evidence.retracted or source.verified == Verified.UNVERIFIED:
        return 0
    if source.kind in LIFTS_NOTHING:
        return 0
    return MOST_BY_CERTAINTY.get(source.certainty, 1) if source.certainty else 1


def _of_position(evidence: EvidenceBase, name: str) -> int:
    position = evidence.position(name)
    if position.guideline in evidence.retracted or position.verified == Verified.UNVERIFIED:
        return 0
    return MOST_BY_GRADE.get(position.grade, 1) if position.grade else 1


def _reason(rule: Rule, evidence: EvidenceBase) -> dict[str, object]:
    return {
        "rule": rule.id,
        "because": rule.because,
        "evidence": _sources(rule.evidence, evidence),
        "positions": [
            {
                "id": name,
                "grade": evidence.position(name).grade,
                "withdrawn": evidence.position(name).guideline in evidence.retracted,
            }
            for name in rule.positions
        ],
        "counter": _sources(rule.counter, evidence),
    }


def _sources(keys: Iterable[str], evidence: EvidenceBase) -> list[dict[str, object]]:
    return [
        {
            "key": key,
            "certainty": evidence.source(key).certainty,
            "verified": evidence.source(key).verified,
            "retracted": key in evidence.retracted,
        }
        for key in keys
    ]
