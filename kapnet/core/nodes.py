"""Which node of a cluster a connection leads to, and whether a standby has what is committed.

After a change of the primary a proxy leads to the former one for some seconds. It answers, and
takes no changes. PostgreSQL says with each connection whether it does, so that this costs no query
where all is well.
"""

from __future__ import annotations

import time
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connection
from django.db.backends.base.base import BaseDatabaseWrapper

from kapnet.core.database import are_writes_refused, note_read_only, note_writable

SEARCH_SECONDS, PAUSE_SECONDS = 4.0, 0.5
"""How long a primary is searched for, and how often. A proxy asks the nodes each second."""

ON = "on"
CHANGES_ARE_REFUSED = "changes cannot be saved"
STANDBY, ONLY_READS = "in_hot_standby", "default_transaction_read_only"

ASK = """SELECT current_setting('transaction_read_only') = 'on',
    current_setting('synchronous_standby_names') <> ''
        AND current_setting('synchronous_commit') NOT IN ('off', 'local'),
    EXISTS (
        SELECT FROM pg_stat_replication
        WHERE COALESCE(sync_state, 'sync') IN ('sync', 'quorum')
    )
"""
"""A role without pg_read_all_stats sees that a standby is connected, and not of which kind."""


def prefer_primary(connection: BaseDatabaseWrapper, **kwargs: Any) -> None:
    """Leave a read-only node for the primary. A receiver of `connection_created`.

    Where none is found, pages can be read on this one, and say that nothing can be saved.
    """
    if connection.vendor != "postgresql" or connection.alias != DEFAULT_DB_ALIAS:
        return
    if not _takes_no_changes(connection):
        note_writable()
    elif not getattr(connection, "is_searching", False):
        _search(connection, seconds=0.0 if are_writes_refused() else SEARCH_SECONDS)


def _search(connection: Any, *, seconds: float) -> None:
    until = time.monotonic() + seconds
    connection.is_searching = True  # each connection made here is a signal as well
    try:
        _connect_again(connection)
        while _says(connection, STANDBY) and time.monotonic() < until:
            time.sleep(PAUSE_SECONDS)
            _connect_again(connection)
    finally:
        connection.is_searching = False
    if _takes_no_changes(connection):
        note_read_only()


def _connect_again(connection: Any) -> None:
    """By a new connection: those that wait in the pool may lead to the same node."""
    connection.connection.close()
    connection.close()
    if connection.pool:
        connection.pool.drain()
    connection.connect()


def _takes_no_changes(connection: BaseDatabaseWrapper) -> bool:
    return _says(connection, STANDBY) or _says(connection, ONLY_READS)


def _says(connection: BaseDatabaseWrapper, name: str) -> bool:
    """Asked again where it is so: PgBouncer tells for good what its first server said."""
    driver = connection.connection
    if driver.info.parameter_status(name) != ON:
        return False
    return bool(driver.execute(f"SHOW {name}").fetchone() == (ON,))


def fault_of_node() -> str:
    """What is wrong with the database that pages are served from, in a few words."""
    if connection.vendor != "postgresql":
        return ""
    with connection.cursor() as cursor:
        cursor.execute(ASK)
        return in_words(*cursor.fetchone())


def in_words(is_read_only: bool, waits: bool, has_standby: bool) -> str:
    """waits: whether each commit waits for a standby. has_standby: whether one is connected."""
    if is_read_only:
        return CHANGES_ARE_REFUSED
    if waits and not has_standby:
        return "no synchronous standby is connected; changes wait until one is"
    return ""
