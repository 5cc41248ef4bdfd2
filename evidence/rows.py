"""Between rows and values: an entry of the database as the domain knows it, and back."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any, cast

from django.db.models import Field, Model

from evidence.domain import entries as domain
from evidence.domain import parts, terms
from evidence.domain.terms import EntryKind
from evidence.models import Caution, Claim, Position, Result, Source

Row = Source | Position | Caution | Claim
Entry = domain.Entry

MODELS: Mapping[EntryKind, type[Row]] = {
    EntryKind.SOURCE: Source,
    EntryKind.POSITION: Position,
    EntryKind.CAUTION: Caution,
    EntryKind.CLAIM: Claim,
}

RESULT_FIELDS = tuple(parts.Result.model_fields)
SOURCE_FIELDS = tuple(name for name in domain.Source.model_fields if name != "results")
POSITION_FIELDS = tuple(name for name in domain.Position.model_fields if name != "guideline")
CAUTION_FIELDS = tuple(name for name in domain.Caution.model_fields if name != "sources")
CLAIM_FIELDS = tuple(
    name for name in domain.Claim.model_fields if name not in ("evidence", "source")
)


def fingerprint(entry: Entry) -> str:
    """SHA-256 of one entry; differs when anything in it does."""
    return hashlib.sha256(entry.model_dump_json().encode()).hexdigest()


# Rows to values. A blank text is nothing.


def _values(row: Model, fields: tuple[str, ...]) -> dict[str, Any]:
    return {name: None if (value := getattr(row, name)) == "" else value for name in fields}


def source_of(row: Source) -> domain.Source:
    """The source with its results; read rows with `prefetch_related("results")`."""
    results = tuple(_result_of(result) for result in row.results.all())
    return domain.Source(**_values(row, SOURCE_FIELDS), results=results)


def _result_of(row: Result) -> parts.Result:
    return parts.Result(**_values(row, RESULT_FIELDS))


def position_of(row: Position) -> domain.Position:
    """The position of one guideline on one treatment."""
    return domain.Position(**_values(row, POSITION_FIELDS), guideline=row.guideline_id)


def caution_of(row: Caution) -> domain.Caution:
    """The caution with its sources; read rows with `prefetch_related("citations")`."""
    cited = tuple(citation.source_id for citation in row.citations.all())
    return domain.Caution(**_values(row, CAUTION_FIELDS), sources=cited)


def claim_of(row: Claim) -> domain.Claim:
    """The claim with its sources; read rows with `prefetch_related("citations")`."""
    cited = tuple(citation.source_id for citation in row.citations.all())
    return domain.Claim(**_values(row, CLAIM_FIELDS), source=row.source_id, evidence=cited)


def withdrawal_of(kind: EntryKind, row: Row) -> domain.Withdrawal | None:
    """Why and since when the entry of this row no longer counts; None where it counts."""
    if not row.withdrawn_as or row.withdrawn_on is None:
        return None
    return domain.Withdrawal(
        entry=kind,
        key=row.pk,
        withdrawn_as=terms.WithdrawnAs(row.withdrawn_as),
        reason=row.withdrawal_reason,
        on=row.withdrawn_on,
    )


# Values to rows.


def withdrawal_columns(withdrawal: domain.Withdrawal | None) -> dict[str, Any]:
    """What to write into the columns of a withdrawal."""
    return {
        "withdrawn_as": withdrawal.withdrawn_as if withdrawal else "",
        "withdrawn_on": withdrawal.on if withdrawal else None,
        "withdrawal_reason": withdrawal.reason if withdrawal else "",
    }


def fields_of(entry: parts.Frozen, fields: tuple[str, ...], model: type[Model]) -> dict[str, Any]:
    """What to write into the columns of the same names."""
    plain = json.loads(entry.model_dump_json(include=set(fields)))
    return {name: _column(model, name, plain.get(name)) for name in fields}


def _column(model: type[Model], name: str, value: object) -> object:
    column = cast("Field[Any, Any]", model._meta.get_field(name))
    return column.get_default() if value is None and not column.null else value
