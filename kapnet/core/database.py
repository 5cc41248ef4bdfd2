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
_is_read_only = False
"""Whether the last refusal was for a read-only node; any connection tells when that is over."""


def takes_no_writes(error: BaseException | None) -> bool:
    """Whether an error of Django's says that the database refuses every change for now."""
    cause = error.__cause__ if error is not None else None
    if _state(error) in (READ_ONLY, DISK_FULL):
        return True
    if isinstance(cause, sqlite3.Error):
        code: int = getattr(cause, "sqlite_errorcode", 0)
        return code & PRIMARY_CODE in SQLITE_REFUSALS
    return False


def _state(error: BaseException | None) -> object:
    return getattr(error.__cause__, "sqlstate", None) if error is not None else None


def note_refusal(error: BaseException) -> None:
    """A change was refused just now."""
    _note(is_read_only=_state(error) == READ_ONLY)


def note_read_only() -> None:
    """A connection leads to a node that takes no changes, and no other was to be had."""
    _note(is_read_only=True)


def _note(*, is_read_only: bool) -> None:
    global _refused_at, _is_read_only
    _refused_at, _is_read_only = time.monotonic(), is_read_only


def note_write() -> None:
    """A change was taken just now."""
    global _refused_at
    _refused_at = None


def note_writable() -> None:
    """A connection leads to a node that takes changes. A disk can be full all the same."""
    if _is_read_only:
        note_write()


def are_writes_refused() -> bool:
    """Whether the last change that this process tried was refused, a moment ago."""
    return _refused_at is not None and time.monotonic() - _refused_at < KNOWN_FOR_SECONDS
