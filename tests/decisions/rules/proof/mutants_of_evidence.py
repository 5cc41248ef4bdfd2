"""The evidence with one thing in it changed."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from evidence.domain.entries import EvidenceBase, Position, Source
from evidence.domain.terms import Certainty, Verified

Changed = tuple[str, EvidenceBase]
"""What was changed, and the evidence as it then is."""


def retract(evidence: EvidenceBase) -> Iterator[Changed]:
    """One source is retracted."""
    for source in evidence.sources:
        yield source.key, evidence.with_retracted(frozenset({source.key}))


def raise_certainty(evidence: EvidenceBase) -> Iterator[Changed]:
    """One source claims high certainty."""
    for source in evidence.sources:
        if source.certainty is not Certainty.HIGH:
            yield source.key, _with_source(evidence, source, certainty=Certainty.HIGH)


def forget_to_read(evidence: EvidenceBase) -> Iterator[Changed]:
    """One position was not read."""
    for position in evidence.positions:
        other = Position(**dict(position) | {"verified": Verified.UNVERIFIED})
        positions = tuple(other if one is position else one for one in evidence.positions)
        yield position.id, _with(evidence, positions=positions)


def _with_source(evidence: EvidenceBase, source: Source, **changes: object) -> EvidenceBase:
    other = Source(**dict(source) | changes)
    sources = tuple(other if one is source else one for one in evidence.sources)
    return _with(evidence, sources=sources)


def _with(evidence: EvidenceBase, **changes: object) -> EvidenceBase:
    fields = {name: getattr(evidence, name) for name in type(evidence).model_fields}
    return EvidenceBase(**fields | changes)


EVIDENCE_FAULTS: dict[str, Callable[[EvidenceBase], Iterator[Changed]]] = {
    "withdraw a source": retract,
    "raise a certainty": raise_certainty,
    "withdraw a position": forget_to_read,
}
