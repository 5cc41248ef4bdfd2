"""Proofs that are made once in a run of tests: what is proved of the same takes seconds again."""

from __future__ import annotations

from decisions.rules.engine.edition import Edition
from decisions.rules.proof.claims import Method
from decisions.rules.proof.expectations import Expectations
from decisions.rules.proof.proving import prove
from decisions.rules.proof.report import ProofReport
from evidence.domain.entries import EvidenceBase

_made: dict[tuple[object, ...], ProofReport] = {}


def prove_once(
    edition: Edition,
    evidence: EvidenceBase,
    expected: Expectations,
    *,
    methods: tuple[Method, ...] = (Method.SOLVER,),
) -> ProofReport:
    """As `prove`, whose report depends on nothing but what it is given."""
    key = (edition.id, edition.sha256, evidence, expected.sha256, methods)
    if key not in _made:
        _made[key] = prove(edition, evidence, expected, methods=methods)
    return _made[key]
