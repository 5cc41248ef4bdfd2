"""Database triggers that refuse to change or remove rows, for SQLite and PostgreSQL."""

from __future__ import annotations

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

# Table names come from migrations of this project, never from a request.
SQLITE_TRIGGER = """
CREATE TRIGGER {table}_no_{verb} BEFORE {verb} ON {table}
BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END
"""
POSTGRESQL_TRIGGERS = """
CREATE FUNCTION {table}_refuse() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION '{table} is append-only'; END $$;
CREATE TRIGGER {table}_no_change BEFORE UPDATE OR DELETE ON {table}
FOR EACH ROW EXECUTE FUNCTION {table}_refuse();
CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table}
FOR EACH STATEMENT EXECUTE FUNCTION {table}_refuse();
"""
SQLITE_KEEPS = (
    """
CREATE TRIGGER {table}_no_delete BEFORE DELETE ON {table}
BEGIN SELECT RAISE(ABORT, '{table}: rows stay'); END
""",
    """
CREATE TRIGGER {table}_no_change BEFORE UPDATE ON {table} WHEN NOT ({only})
BEGIN SELECT RAISE(ABORT, '{table}: rows stay'); END
""",
)
POSTGRESQL_KEEPS = """
CREATE FUNCTION {table}_refuse() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION '{table}: rows stay'; END $$;
CREATE TRIGGER {table}_no_delete BEFORE DELETE ON {table}
FOR EACH ROW EXECUTE FUNCTION {table}_refuse();
CREATE TRIGGER {table}_no_change BEFORE UPDATE ON {table}
FOR EACH ROW WHEN (NOT ({only})) EXECUTE FUNCTION {table}_refuse();
CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table}
FOR EACH STATEMENT EXECUTE FUNCTION {table}_refuse();
"""
POSTGRESQL_UNDO = "DROP FUNCTION {table}_refuse() CASCADE"


def append_only(table: str) -> migrations.RunPython:
    """A migration operation: from here on rows of the table are inserted and read, nothing else."""

    def forbid(apps: Apps, editor: BaseDatabaseSchemaEditor) -> None:
        if editor.connection.vendor == "postgresql":
            editor.execute(POSTGRESQL_TRIGGERS.format(table=table), params=None)
        else:
            for verb in ("update", "delete"):
                editor.execute(SQLITE_TRIGGER.format(table=table, verb=verb), params=None)

    def allow(apps: Apps, editor: BaseDatabaseSchemaEditor) -> None:
        if editor.connection.vendor == "postgresql":
            editor.execute(POSTGRESQL_UNDO.format(table=table), params=None)
        else:
            for verb in ("update", "delete"):
                editor.execute(f"DROP TRIGGER {table}_no_{verb}", params=None)

    return guarding(
        migrations.RunPython(forbid, allow),
        sqlite=(f"{table}_no_update", f"{table}_no_delete"),
        postgresql=(f"{table}_no_change", f"{table}_no_truncate"),
    )


def append_only_again(table: str) -> tuple[migrations.RunPython, migrations.RunPython]:
    """Two operations around those by which SQLite builds a table again and loses its triggers.

    The second sets them again; the first does so on the way back.
    """

    def set_again(apps: Apps, editor: BaseDatabaseSchemaEditor) -> None:
        if editor.connection.vendor == "sqlite":
            for verb in ("update", "delete"):
                editor.execute(SQLITE_TRIGGER.format(table=table, verb=verb), params=None)

    nothing = migrations.RunPython.noop
    return migrations.RunPython(nothing, set_again), migrations.RunPython(set_again, nothing)


def kept(table: str, *, only: str) -> migrations.RunPython:
    """A migration operation: rows of the table are never removed, and changed in one way.

    only: which change is allowed, as a condition on OLD and NEW that is never NULL.
    """

    def forbid(apps: Apps, editor: BaseDatabaseSchemaEditor) -> None:
        if editor.connection.vendor == "postgresql":
            editor.execute(POSTGRESQL_KEEPS.format(table=table, only=only), params=None)
        else:
            for trigger in SQLITE_KEEPS:
                editor.execute(trigger.format(table=table, only=only), params=None)

    def allow(apps: Apps, editor: BaseDatabaseSchemaEditor) -> None:
        if editor.connection.vendor == "postgresql":
            editor.execute(POSTGRESQL_UNDO.format(table=table), params=None)
        else:
            for verb in ("delete", "change"):
                editor.execute(f"DROP TRIGGER {table}_no_{verb}", params=None)

    names = (f"{table}_no_delete", f"{table}_no_change")
    return guarding(
        migrations.RunPython(forbid, allow),
        sqlite=names,
        postgresql=(*names, f"{table}_no_truncate"),
    )


def guarding(
    operation: migrations.RunPython, *, sqlite: tuple[str, ...], postgresql: tuple[str, ...]
) -> migrations.RunPython:
    """The operation with the names of the triggers that it sets, for `lost_triggers`."""
    operation.triggers = {"sqlite": sqlite, "postgresql": postgresql}  # type: ignore[attr-defined]
    return operation
