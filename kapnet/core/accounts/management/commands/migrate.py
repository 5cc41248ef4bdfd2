"""`migrate`, one at a time: a second one waits until the first has ended, killed or not."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from typing import Any

from django.core.management.base import CommandError
from django.core.management.commands import migrate
from django.db import connections
from django_scopes import scopes_disabled

from kapnet.core.accounts.management.quick_migrations import is_empty, only_what_changes

LOCK = 7_215_664_038
"""Any number that nothing else in this database locks."""
LONGEST_WAIT, BETWEEN_TRIES = 600, 0.5
"""Seconds."""


class Command(migrate.Command):
    """Django's own, behind a lock of PostgreSQL.

    A killed `migrate` may still have a statement under way in PostgreSQL, whose end the next one
    would not have seen; two servers may be brought up to date at the same moment.
    """

    def handle(self, *args: Any, **options: Any) -> str | None:
        """Wait for the lock, then do what Django does. Raises CommandError after ten minutes."""
        connection = connections[options["database"]]
        with (
            self._alone(options["database"]),
            only_what_changes() if is_empty(connection) else nullcontext(),
            scopes_disabled(),  # PostgreSQL looks for a new key's rows through the policies
        ):
            return super().handle(*args, **options)

    @contextmanager
    def _alone(self, database: str) -> Iterator[None]:
        connection = connections[database]
        if connection.vendor != "postgresql":
            yield
            return
        ends = time.monotonic() + LONGEST_WAIT
        while not self._ask(database, "SELECT pg_try_advisory_lock(%s)"):
            if time.monotonic() > ends:
                raise CommandError("Another migration is still running. Nothing was changed.")
            time.sleep(BETWEEN_TRIES)
        try:
            yield
        except BaseException:  # its transaction may still be open, and refuse every question
            connection.close()
            raise
        self._ask(database, "SELECT pg_advisory_unlock(%s)")

    def _ask(self, database: str, question: str) -> bool:
        with connections[database].cursor() as cursor:
            cursor.execute(question, [LOCK])
            return bool(cursor.fetchone()[0])
