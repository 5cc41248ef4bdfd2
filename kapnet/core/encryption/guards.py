"""Rows that triggers guard, written all the same: by the owner of the tables, in one transaction.

Nobody else sees the table without its triggers. PostgreSQL lets only the owner take them off, and
no one else write there meanwhile; SQLite has one writer at a time.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.utils import CursorWrapper

ON_POSTGRESQL = """
SELECT 1 FROM pg_trigger WHERE tgrelid = %s::regclass AND NOT tgisinternal LIMIT 1
"""
ON_SQLITE = "SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name = %s"
KEYS_ON_SQLITE = r" AND name NOT LIKE '%%\_same\_clinic\_%%' ESCAPE '\'"
"""Triggers that are keys between tables (`kapnet.core.accounts.walls.same_clinic`) guard no row."""


def has_guards(connection: BaseDatabaseWrapper, table: str) -> bool:
    """Whether triggers look at what is written to the table."""
    with connection.cursor() as cursor:
        is_postgresql = connection.vendor == "postgresql"
        cursor.execute(ON_POSTGRESQL if is_postgresql else ON_SQLITE + KEYS_ON_SQLITE, [table])
        return cursor.fetchone() is not None


@contextmanager
def guards_off(connection: BaseDatabaseWrapper, table: str) -> Iterator[None]:
    """The table without its triggers for the block, which is within a transaction.

    After an error the transaction is gone, and all triggers are back with it.
    """
    if not connection.in_atomic_block:
        raise RuntimeError("Triggers are taken off within a transaction only.")
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(f'ALTER TABLE "{table}" DISABLE TRIGGER USER')
            yield
            # Checks of foreign keys that still wait would forbid it.
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute(f'ALTER TABLE "{table}" ENABLE TRIGGER USER')
            return
        triggers = triggers_of(cursor, table)
        for name, _ in triggers:
            cursor.execute(f'DROP TRIGGER "{name}"')
        yield
        for _, sql in triggers:
            cursor.execute(sql)


def triggers_of(cursor: CursorWrapper, table: str) -> list[tuple[str, str]]:
    """Name and SQL of each trigger of a table of SQLite."""
    cursor.execute(ON_SQLITE, [table])
    return list(cursor.fetchall())
