"""Rows of the database as lines of JSON, and back."""

from __future__ import annotations

import base64
import json
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db.models import JSONField, Model, Value

from decisions.exit.tables import Table

Line = dict[str, Any]


class RowProblem(ValueError):
    """A row that cannot be read; the message says of which table, and nothing of what it says."""


def as_line(table: Table, values: Sequence[Any]) -> Line:
    """A row: {"table": ..., "row": {column: value}}."""
    row = {name: _plain(value) for name, value in zip(table.columns, values, strict=True)}
    return {"table": table.label, "row": row}


def written(line: object) -> bytes:
    """One line, always with the same bytes for the same content."""
    text = json.dumps(line, ensure_ascii=False, separators=(",", ":"), sort_keys=True)
    return text.encode("utf-8", "surrogatepass") + b"\n"


def _plain(value: Any) -> Any:
    match value:
        case datetime() | date():
            return value.isoformat()
        case UUID():
            return str(value)
        case bytes() | memoryview():
            return base64.b64encode(value).decode()
        case _:
            return value


def as_object(table: Table, row: object) -> Model:
    """The row of a line, not stored yet. Columns that are not there have their default.

    Raises RowProblem.
    """
    if not isinstance(row, dict):
        raise RowProblem(f"A row of {table.label} is no object.")
    if unknown := sorted(row.keys() - set(table.columns)):
        raise RowProblem(
            f"Rows of {table.label} have columns that this version does not know: "
            f"{', '.join(map(repr, unknown[:5]))}. The file was written by another version."
        )
    if row.get(table.key) is None:
        raise RowProblem(f"A row of {table.label} has no {table.key}.")
    made = table.model()
    for one in table.fields:
        if one.attname in row:
            setattr(made, one.attname, _value(table, one, row[one.attname]))
    return made


def _value(table: Table, column: Any, value: Any) -> Any:
    if value is None:
        is_json = isinstance(column, JSONField) and not column.null
        return Value(None, column) if is_json else None
    try:
        return column.to_python(value)
    except (ValidationError, ValueError, TypeError, AttributeError, OverflowError):
        raise RowProblem(f"A row of {table.label} has no readable {column.attname}.") from None
