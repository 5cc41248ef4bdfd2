"""Writing every token of a column under another key."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from typing import Any, NamedTuple

from django.db import transaction
from django.db.backends.base.base import BaseDatabaseWrapper

from kapnet.core.encryption.guards import guards_off, has_guards

AT_ONCE, FILES_AT_ONCE = 200, 10
"""Rows in memory at a time; fewer where there are whole files in them."""

Change = Callable[[bytes], bytes | None]
"""What becomes of the bytes in a column; None leaves them."""


@dataclass(frozen=True)
class Stored:
    """Encrypted columns of one table, by the names of the database."""

    table: str
    key: str
    texts: tuple[str, ...] = ()
    files: tuple[str, ...] = ()

    @property
    def columns(self) -> tuple[str, ...]:
        """All of them."""
        return (*self.texts, *self.files)


class Row(NamedTuple):
    """One row to be written, with what stands in its columns and what is to stand there."""

    key: Any
    values: dict[str, tuple[Any, Any]]


def rewrite(connection: BaseDatabaseWrapper, stored: Stored, change: Change) -> int:
    """Change what is in these columns, some rows at a time; returns how many values were changed.

    A value that somebody else writes meanwhile stays as they wrote it.
    """
    guarded = has_guards(connection, stored.table)
    changed = 0
    for rows in _batches(connection, stored):
        todo = list(_changes(stored, rows, change))
        if not todo:
            continue
        with transaction.atomic(using=connection.alias), ExitStack() as stack:
            if guarded:
                stack.enter_context(guards_off(connection, stored.table))
            changed += sum(_write(connection, stored, one) for one in todo)
    return changed


def _batches(connection: BaseDatabaseWrapper, stored: Stored) -> Iterator[list[Sequence[Any]]]:
    """Rows in the order of their keys. Names of tables and columns come from the models."""
    names = ", ".join(f'"{one}"' for one in (stored.key, *stored.columns))
    rows_from = f'SELECT {names} FROM "{stored.table}"'  # noqa: S608
    order = f'ORDER BY "{stored.key}" LIMIT {FILES_AT_ONCE if stored.files else AT_ONCE}'
    with connection.cursor() as cursor:
        cursor.execute(f"{rows_from} {order}")
        while rows := cursor.fetchall():
            yield rows
            cursor.execute(f'{rows_from} WHERE "{stored.key}" > %s {order}', [rows[-1][0]])


def _changes(stored: Stored, rows: list[Sequence[Any]], change: Change) -> Iterator[Row]:
    for key, *values in rows:
        found = {}
        for column, value in zip(stored.columns, values, strict=True):
            if value is None or value == "":
                continue
            new = change(value.encode() if isinstance(value, str) else bytes(value))
            if new is not None:
                found[column] = (value, new if column in stored.files else new.decode())
        if found:
            yield Row(key, found)


def _write(connection: BaseDatabaseWrapper, stored: Stored, row: Row) -> int:
    """All columns of the row at once, or one by one where somebody wrote to the row meanwhile."""
    if _update(connection, stored, row):
        return len(row.values)
    if len(row.values) == 1:
        return 0
    single = (Row(row.key, {column: both}) for column, both in row.values.items())
    return sum(_update(connection, stored, one) for one in single)


def _update(connection: BaseDatabaseWrapper, stored: Stored, row: Row) -> int:
    new = ", ".join(f'"{column}" = %s' for column in row.values)
    same = " AND ".join(f'"{column}" = %s' for column in (stored.key, *row.values))
    before, after = zip(*row.values.values(), strict=True)
    with connection.cursor() as cursor:
        cursor.execute(
            f'UPDATE "{stored.table}" SET {new} WHERE {same}',  # noqa: S608
            [*after, row.key, *before],
        )
        return int(cursor.rowcount)
