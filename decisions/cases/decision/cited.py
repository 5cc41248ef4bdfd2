"""The sources and positions that a decision cites, kept with it as they were."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from decisions.rules.engine.outcomes import Finding, Outcome
from decisions.rules.logic.values import Frozen
from evidence.domain.entries import EvidenceBase, Position, Source


class Cited(Frozen):
    """Everything that an outcome points to, whole; `model_dump(mode="json")` is what is stored.

    positions: those of every guideline, not only the cited ones, so that a recorded decision
    still shows the guidelines side by side. sources: cited ones, and the guidelines of positions.
    """

    sources: tuple[Source, ...]
    positions: tuple[Position, ...]
    retracted: tuple[str, ...] = ()

    def source(self, key: str) -> Source | None:
        """The source of this key as it was, or None where nothing cites it."""
        return next((source for source in self.sources if source.key == key), None)

    def is_retracted(self, key: str) -> bool:
        """Whether the source supported nothing any more."""
        return key in self.retracted


def cited_by(outcome: Outcome, evidence: EvidenceBase) -> Cited:
    """The sources and positions behind every reason of an outcome, in the order of the evidence."""
    keys = {key for finding in findings_in(outcome) for key in _keys_of(finding)}
    keys |= {position.guideline for position in evidence.positions}
    return Cited(
        sources=tuple(source for source in evidence.sources if source.key in keys),
        positions=evidence.positions,
        retracted=tuple(sorted(keys & evidence.retracted)),
    )


def findings_in(outcome: Outcome) -> Iterator[Finding]:
    """Every true rule of an outcome, some of them more than once."""
    yield from outcome.urgent
    yield from outcome.notes
    for one in outcome.options.values():
        for group in (one.stops, one.reviews, one.bars, one.favour, one.against, one.silent):
            yield from group
        yield from one.notes


def _keys_of(finding: Finding) -> Iterable[str]:
    return (citation.key for citation in (*finding.evidence, *finding.counter))
