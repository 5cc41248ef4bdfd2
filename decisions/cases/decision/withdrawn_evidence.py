"""Sources withdrawn after a decision was recorded: what it rested on and no longer may."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from typing import NamedTuple

from decisions.cases.models import Decision
from decisions.rules.engine.outcomes import Citation, Finding, Outcome, PositionCitation
from evidence.domain.entries import EvidenceBase, Withdrawal
from evidence.domain.release_content import Name
from evidence.domain.terms import EntryKind


class WithdrawnSource(NamedTuple):
    """A source that a recorded decision cites and that is withdrawn. on: None where not told."""

    key: str
    label: str
    why: str
    on: date | None


def withdrawn_since(
    decisions: Iterable[Decision], evidence: EvidenceBase
) -> tuple[WithdrawnSource, ...]:
    """The sources that these decisions cite as valid and that are withdrawn by now, each once."""
    found = (
        one
        for decision in decisions
        for one in withdrawn_in(Outcome.model_validate(decision.outcome), evidence)
    )
    return tuple(dict.fromkeys(found))


def withdrawn_keys(evidence: EvidenceBase) -> frozenset[str]:
    """The keys of sources and the ids of positions that no longer count."""
    positions = {one.key for one in evidence.withdrawals if one.entry is EntryKind.POSITION}
    return evidence.retracted | positions


def withdrawn_in(outcome: Outcome, evidence: EvidenceBase) -> tuple[WithdrawnSource, ...]:
    """The sources that an outcome cites as valid and that are withdrawn in this evidence.

    A guideline counts as cited through its positions, and as withdrawn where one of these is.
    """
    return tuple(dict.fromkeys(entries_withdrawn_in(outcome, evidence).values()))


def entries_withdrawn_in(outcome: Outcome, evidence: EvidenceBase) -> dict[Name, WithdrawnSource]:
    """The same by entry: a source, or a position whose guideline still counts."""
    found = {
        (EntryKind.SOURCE, one.key): _told(
            one.key, one.label, evidence.withdrawal(EntryKind.SOURCE, one.key)
        )
        for one in _cited(outcome)
        if not one.retracted and evidence.is_retracted(one.key)
    }
    for one in _positions(outcome):
        if not one.withdrawn and _is_withdrawn(one, evidence):
            name, why = _withdrawal_of(one, evidence)
            found.setdefault(name, _told(one.guideline, one.label, why))
    return found


def _is_withdrawn(cited: PositionCitation, evidence: EvidenceBase) -> bool:
    return evidence.has_position(cited.id) and evidence.is_position_withdrawn(cited.id)


def _withdrawal_of(
    cited: PositionCitation, evidence: EvidenceBase
) -> tuple[Name, Withdrawal | None]:
    """Whether the whole guideline was withdrawn or this position alone, and why."""
    name = (EntryKind.POSITION, cited.id)
    if evidence.is_retracted(cited.guideline):
        name = (EntryKind.SOURCE, cited.guideline)
    return name, evidence.withdrawal(*name)


def _told(key: str, label: str, withdrawal: Withdrawal | None) -> WithdrawnSource:
    if withdrawal is None:
        return WithdrawnSource(key, label, "", None)
    return WithdrawnSource(key, label, withdrawal.reason, withdrawal.on)


def _positions(outcome: Outcome) -> Iterator[PositionCitation]:
    for finding in _findings(outcome):
        yield from finding.positions


def _cited(outcome: Outcome) -> Iterator[Citation]:
    for finding in _findings(outcome):
        yield from finding.evidence
        yield from finding.counter


def _findings(outcome: Outcome) -> Iterator[Finding]:
    yield from (*outcome.urgent, *outcome.notes)
    for option in outcome.options.values():
        yield from (*option.stops, *option.reviews, *option.bars)
        yield from (*option.favour, *option.against, *option.silent, *option.notes)
