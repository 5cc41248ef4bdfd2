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
    """One kind of entry: its rows, how to read one and how to put one there.

    put: gives the rows that hang on it now, which are still to be written.
    """

    kind: str
    model: type[Source] | type[Position] | type[Caution] | type[Claim]
    related: tuple[str, ...]
    read: Callable[[Any], Entry]
    put: Callable[[Any, dict[str, Any]], list[Any]]

    def rows(self) -> dict[str, Row]:
        """Every row by its key or id."""
        return {row.pk: row for row in self.model.objects.prefetch_related(*self.related)}

    def write(self, entry: Entry, kept: dict[str, Any]) -> None:
        """Write one entry, with what hangs on it."""
        _write_all(self.put(entry, kept))


def load_entries(evidence: domain.EvidenceBase) -> LoadReport:
    """Write every entry that is new or changed; never one that a curator changed."""
    report = LoadReport()
    for kind in SHELVES:
        _load_kind(kind, evidence, report)
    return report


def _load_kind(kind: EntryKind, evidence: domain.EvidenceBase, report: LoadReport) -> None:
    shelf = SHELVES[kind]
    present, hanging = shelf.rows(), list[Any]()
    for place, entry in enumerate(evidence.entries(kind)):
        name = name_of(entry)
        row = present.pop(name, None)
        withdrawal = _new_withdrawal(row, evidence.withdrawal(kind, name))
        fate = _fate_of(row, shelf.read(row) if row else None, entry)
        if withdrawal and fate is Fate.UNCHANGED:
            fate = Fate.CHANGED
        kept = {"place": place, "dossier_sha256": fingerprint(entry)}
        if fate in (Fate.ADDED, Fate.CHANGED):
            columns = kept | (withdrawal_columns(withdrawal) if withdrawal else {})
            hanging += shelf.put(entry, columns)
        elif row and fate is Fate.UNCHANGED:
            _keep(row, **kept)
        elif row:
            _keep(row, place=place)
        report.note(fate, shelf.kind, name)
    _write_all(hanging)
    for name, row in present.items():
        if row.dossier_sha256:
            report.note(Fate.GONE, shelf.kind, name)


def _write_all(hanging: list[Any]) -> None:
    """Rows of one kind, in one go."""
    if hanging:
        bulk_create_with_history(hanging, type(hanging[0]))


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


# Putting one entry there; what hung on it goes, and what hangs on it now is given


def _put_source(entry: domain.Source, kept: dict[str, Any]) -> list[Result]:
    fields = fields_of(entry, rows.SOURCE_FIELDS, Source)
    source, is_new = Source.objects.update_or_create(key=entry.key, defaults={**fields, **kept})
    for old in () if is_new else source.results.all():
        old.delete()
    return [
        Result(source=source, place=place, **fields_of(result, rows.RESULT_FIELDS, Result))
        for place, result in enumerate(entry.results)
    ]


def _put_position(entry: domain.Position, kept: dict[str, Any]) -> list[Any]:
    fields = fields_of(entry, rows.POSITION_FIELDS, Position)
    fields["guideline_id"] = entry.guideline
    Position.objects.update_or_create(id=entry.id, defaults={**fields, **kept})
    return []


def _put_caution(entry: domain.Caution, kept: dict[str, Any]) -> list[CautionSource]:
    fields = fields_of(entry, rows.CAUTION_FIELDS, Caution)
    caution, is_new = Caution.objects.update_or_create(key=entry.key, defaults={**fields, **kept})
    for old in () if is_new else caution.citations.all():
        old.delete()
    return [CautionSource(caution=caution, source_id=key) for key in entry.sources]


def _put_claim(entry: domain.Claim, kept: dict[str, Any]) -> list[ClaimSource]:
    fields = fields_of(entry, rows.CLAIM_FIELDS, Claim)
    fields["source_id"] = entry.source
    claim, is_new = Claim.objects.update_or_create(id=entry.id, defaults={**fields, **kept})
    for old in () if is_new else claim.citations.all():
        old.delete()
    return [ClaimSource(claim=claim, source_id=key) for key in entry.evidence]


# The four kinds

SOURCES = Shelf("source", Source, ("results",), rows.source_of, _put_source)
POSITIONS = Shelf("position", Position, (), rows.position_of, _put_position)
CAUTIONS = Shelf("caution", Caution, ("citations",), rows.caution_of, _put_caution)
CLAIMS = Shelf("claim", Claim, ("citations",), rows.claim_of, _put_claim)

SHELVES = {
    EntryKind.SOURCE: SOURCES,
    EntryKind.POSITION: POSITIONS,
    EntryKind.CAUTION: CAUTIONS,
    EntryKind.CLAIM: CLAIMS,
}
