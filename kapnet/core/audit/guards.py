"""Whether the triggers that keep what was written are where the migrations put them.

A database that was copied without them, or a table that was made again, would let rows be changed
and would chain no event, and nothing else would say so.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.core.checks import CheckMessage, Error, Tags, register
from django.db import connection
from django.db.migrations.loader import MigrationLoader

THERE = {
    "sqlite": "SELECT name FROM sqlite_master WHERE type = 'trigger'",
    "postgresql": "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal AND tgenabled IN ('O','A')",
}
HINT = (
    "Restore the newest backup that has them. Until then nothing keeps the audit log from changes."
)


def lost_triggers() -> list[str]:
    """The triggers that a migration set and that are missing or switched off, by name."""
    loader = MigrationLoader(connection)
    applied = loader.applied_migrations or {}
    expected = {
        name
        for key, migration in loader.disk_migrations.items()
        if key in applied
        for operation in migration.operations
        for name in getattr(operation, "triggers", {}).get(connection.vendor, ())
    }
    with connection.cursor() as cursor:
        cursor.execute(THERE[connection.vendor])
        return sorted(expected - {name for (name,) in cursor.fetchall()})


def in_words(lost: list[str]) -> str:
    """What is missing, for whoever keeps the database."""
    return f"The database has lost triggers that keep what was written: {', '.join(lost)}."


@register(Tags.database)
def triggers_are_there(
    app_configs: object, databases: Sequence[str] | None = None, **kwargs: Any
) -> Sequence[CheckMessage]:
    """`manage.py check --database default`; a server that starts and `audit verify` ask as well."""
    if not databases or not (lost := lost_triggers()):
        return []
    return [Error(in_words(lost), hint=HINT, id="audit.E001")]
