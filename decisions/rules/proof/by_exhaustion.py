"""The second method: going through all there is, and looking.

The answers to a question fall into a few classes, "not known" among them, and a claim speaks of
few questions at a time: so every combination of classes that it can depend on is tried
(`by_exhaustion_space`). What the rules then add up to is small: every such tally goes through
the engine's own arithmetic (`by_exhaustion_arithmetic`). Who can lead at all is read off the
diagram of all answer sets (`domain.diagram`). Nothing of the first method is used but the claims.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from time import perf_counter

from decisions.rules.engine.edition import Edition
from decisions.rules.proof.by_exhaustion_claims import BROKEN
from decisions.rules.proof.by_exhaustion_space import WholeSpace
from decisions.rules.proof.claims import Checked, ClaimId, Method
from decisions.rules.proof.expectations import Expectations
from evidence.domain.entries import EvidenceBase


def check(
    edition: Edition,
    evidence: EvidenceBase,
    expected: Expectations,
    claims: Iterable[ClaimId],
) -> Iterator[Checked]:
    """Each of these claims, checked."""
    space = WholeSpace(edition, evidence, expected)
    for claim in claims:
        started = perf_counter()
        counterexamples = tuple(BROKEN[claim](space))
        yield Checked(
            claim=claim,
            method=Method.EXHAUSTION,
            holds=not counterexamples,
            counterexamples=counterexamples,
            seconds=perf_counter() - started,
        )
