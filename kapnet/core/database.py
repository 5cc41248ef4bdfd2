"""A database that answers and takes no changes: its disk is full, or it is read-only.

Pages can still be read then. What could not be written is said, and nothing is claimed to be saved.
"""

from __future__ import annotations

import sqlite3
import time

READ_ONLY, DISK_FULL = "25006", "53100"
"""SQLSTATE of PostgreSQL: a read-only transaction, no room left."""

SQLITE_REFUSALS = {sqlite3.SQLITE_READONLY, sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR}
PRIMARY_CODE = 0xFF
"""The lowest bits of an error code of SQLite; those above say more of the same."""

KNOWN_FOR_SECONDS = 60
"""How long a refusal counts, if nothing was written since."""

_refused_at: float | None = None


def takes_no_writes(error: BaseException | None) -> bool:
    """Whether an error of Django's says that the database refuses every change for now."""
    cause = error.__cause__ if error is not None else None
    if getattr(cause, "sqlstate", None) in (READ_ONLY, DISK_FULL):
        return True
    if isinstance(cause, sqlite3.Error):
        code: int = getattr(cause, "sqlite_errorcode", 0)
        return code & PRIMARY_CODE in SQLITE_REFUSALS
    return False


def note_refusal() -> None:
    """A change was refused just now."""
    global _refused_at
    _refused_at = time.monotonic()


def note_write() -> None:
    """A change was taken just now."""
    global _refused_at
    _refused_at = None


def are_writes_refused() -> bool:
    """Whether the last change that this process tried was refused, a moment ago."""
    return _refused_at is not None and time.monotonic() - _refused_at < KNOWN_FOR_SECONDS
