"""The dossier into rows: added, changed, unchanged, or left alone because a curator was there."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from simple_history.utils import bulk_create_with_history

from evidence import rows
from evidence.domain import entries as domain
from evidence.domain.release_content import name_of
from evidence.domain.terms import EntryKind
from evidence.models import (
    Caution,
    CautionSource,
    Claim,
    ClaimSource,
    Position,
    Release,
    Result,
    Source,
)
from evidence.rows import Entry, Row, fields_of, fingerprint, withdrawal_columns


class Fate(StrEnum):
    """What loading did with one entry."""

    ADDED = "added"
    CHANGED = "changed"
    UNCHANGED = "unchanged"
    LEFT_ALONE = "left alone"
    GONE = "no longer in the dossier"


@dataclass
class LoadReport:
    """What one load did: the keys and ids of each fate and kind, and the release it made."""

    names: dict[tuple[Fate, str], list[str]] = field(default_factory=dict)
    release: Release | None = None

    def note(self, fate: Fate, kind: str, name: str) -> None:
        """Write down the fate of one entry."""
        self.names.setdefault((fate, kind), []).append(name)

    def count(self, fate: Fate) -> int:
        """How many entries of all kinds had this fate."""
        return sum(len(names) for (one, _), names in self.names.items() if one is fate)

    def summary(self) -> str:
        """One sentence for the notes of a release."""
        told = [fate for fate in (Fate.ADDED, Fate.CHANGED, Fate.LEFT_ALONE) if self.count(fate)]
        counts = ", ".join(f"{fate} {self.count(fate)}" for fate in told)
        return f"Loaded from the dossier: {counts or 'nothing new'}."


@dataclass(frozen=True)
class Shelf:
    """One kind of entry: its rows, how to read one and how to write one."""

    kind: str
    model: type[Source] | type[Position] | type[Caution] | type[Claim]
    related: tuple[str, ...]
    read: Callable[[Any], Entry]
    write: Callable[[Any, dict[str, Any]], None]

    def rows(self) -> dict[str, Row]:
        """Every row by its key or id."""
        return {row.pk: row for row in self.model.objects.prefetch_related(*self.related)}


def load_entries(evidence: domain.EvidenceBase) -> LoadReport:
    """Write every entry that is new or changed; never one that a curator changed."""
    report = LoadReport()
    for kind in SHELVES:
        _load_kind(kind, evidence, report)
    return report


def _load_kind(kind: EntryKind, evidence: domain.EvidenceBase, report: LoadReport) -> None:
    shelf = SHELVES[kind]
    present = shelf.rows()
    for place, entry in enumerate(evidence.entries(kind)):
        name = name_of(entry)
        row = present.pop(name, None)
        withdrawal = _new_withdrawal(row, evidence.withdrawal(kind, name))
        fate = _fate_of(row, shelf.read(row) if row else None, entry)
        if withdrawal and fate is Fate.UNCHANGED:
            fate = Fate.CHANGED
        kept = {"place": place, "dossier_sha256": fingerprint(entry)}
        if fate in (Fate.ADDED, Fate.CHANGED):
            shelf.write(entry, kept | (withdrawal_columns(withdrawal) if withdrawal else {}))
        elif row and fate is Fate.UNCHANGED:
            _keep(row, **kept)
        elif row:
            _keep(row, place=place)
        report.note(fate, shelf.kind, name)
    for name, row in present.items():
        if row.dossier_sha256:
            report.note(Fate.GONE, shelf.kind, name)


def _new_withdrawal(row: Row | None, said: domain.Withdrawal | None) -> domain.Withdrawal | None:
    """The withdrawal to write; None where the row was ever withdrawn: curators decide from then."""
    if said is None or row is None:
        return said
    was_withdrawn = row.withdrawn_as or row.history.exclude(withdrawn_as="").exists()
    return None if was_withdrawn else said


def _fate_of(row: Row | None, present: Entry | None, entry: Entry) -> Fate:
    if row is None or present is None:
        return Fate.ADDED
    if present == entry:
        return Fate.UNCHANGED
    return Fate.CHANGED if fingerprint(present) == row.dossier_sha256 else Fate.LEFT_ALONE


def _keep(row: Row, **columns: Any) -> None:
    if any(getattr(row, name) != value for name, value in columns.items()):
        type(row).objects.filter(pk=row.pk).update(**columns)


# Writing one entry, with what hangs on it


def _write_source(entry: domain.Source, kept: dict[str, Any]) -> None:
    fields = fields_of(entry, rows.SOURCE_FIELDS, Source)
    source, _ = Source.objects.update_or_create(key=entry.key, defaults={**fields, **kept})
    for old in source.results.all():
        old.delete()
    bulk_create_with_history(
        [
            Result(source=source, place=place, **fields_of(result, rows.RESULT_FIELDS, Result))
            for place, result in enumerate(entry.results)
        ],
        Result,
    )


def _write_position(entry: domain.Position, kept: dict[str, Any]) -> None:
    fields = fields_of(entry, rows.POSITION_FIELDS, Position)
    fields["guideline_id"] = entry.guideline
    Position.objects.update_or_create(id=entry.id, defaults={**fields, **kept})


def _write_caution(entry: domain.Caution, kept: dict[str, Any]) -> None:
    fields = fields_of(entry, rows.CAUTION_FIELDS, Caution)
    caution, _ = Caution.objects.update_or_create(key=entry.key, defaults={**fields, **kept})
    for old in caution.citations.all():
        old.delete()
    bulk_create_with_history(
        [CautionSource(caution=caution, source_id=key) for key in entry.sources], CautionSource
    )


def _write_claim(entry: domain.Claim, kept: dict[str, Any]) -> None:
    fields = fields_of(entry, rows.CLAIM_FIELDS, Claim)
    fields["source_id"] = entry.source
    claim, _ = Claim.objects.update_or_create(id=entry.id, defaults={**fields, **kept})
    for old in claim.citations.all():
        old.delete()
    bulk_create_with_history(
        [ClaimSource(claim=claim, source_id=key) for key in entry.evidence], ClaimSource
    )


# The four kinds

SOURCES = Shelf("source", Source, ("results",), rows.source_of, _write_source)
POSITIONS = Shelf("position", Position, (), rows.position_of, _write_position)
CAUTIONS = Shelf("caution", Caution, ("citations",), rows.caution_of, _write_caution)
CLAIMS = Shelf("claim", Claim, ("citations",), rows.claim_of, _write_claim)

SHELVES = {
    EntryKind.SOURCE: SOURCES,
    EntryKind.POSITION: POSITIONS,
    EntryKind.CAUTION: CAUTIONS,
    EntryKind.CLAIM: CLAIMS,
}
