"""A key between two rows that belong to a clinic leads to a row of the same one.

The database refuses everything else. PostgreSQL has a second key beside Django's own, over the
clinic and the row. SQLite would have to make the table again for it: there triggers look at what
is written. They name other tables, so that SQLite makes none of these again while they are there:
a migration begins without them.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.db import connections, transaction
from django.db.backends.base.base import BaseDatabaseWrapper

from kapnet.core.people.of_a_clinic import ClinicForeignKey, OfAClinic

NAMED = "_same_clinic"
"""At the end of the name of a key or index of PostgreSQL; before what a trigger looks at."""

COLUMNS = {
    "postgresql": (
        "SELECT table_name, column_name FROM information_schema.columns"
        " WHERE table_schema = current_schema()"
    ),
    "sqlite": (
        "SELECT one.name, part.name FROM sqlite_master one, pragma_table_info(one.name) part"
        " WHERE one.type = 'table'"
    ),
}
# The names of both are ours: see NAMED.
THERE = {
    "postgresql": (
        "SELECT conname, conrelid::regclass::text FROM pg_constraint"
        r" WHERE contype = 'f' AND conname LIKE '%\_same\_clinic' ESCAPE '\'"
        " AND connamespace = current_schema()::regnamespace AND conparentid = 0"
    ),
    "sqlite": (
        "SELECT name, sql FROM sqlite_master"
        r" WHERE type = 'trigger' AND name LIKE '%\_same\_clinic\_%' ESCAPE '\'"
    ),
}


@dataclass(frozen=True)
class Key:
    """A column that names a row of another table, or of the same one."""

    table: str
    column: str
    parent: str
    parent_key: str

    @property
    def name(self) -> str:
        """Of the key in PostgreSQL."""
        return f"{self.table}_{self.column}{NAMED}"


def keys_within_clinics() -> Iterator[Key]:
    """Every one that the models have."""
    for model in apps.get_models():
        for field in model._meta.local_concrete_fields if issubclass(model, OfAClinic) else ():
            if isinstance(field, ClinicForeignKey):
                parent: Any = field.related_model
                yield Key(
                    model._meta.db_table,
                    str(field.column),
                    parent._meta.db_table,
                    str(parent._meta.pk.column),
                )


def bind(connection: BaseDatabaseWrapper) -> None:
    """Let the database hold every key, and none that the models do not have any more."""
    with transaction.atomic(using=connection.alias), connection.cursor() as cursor:
        keys = _keys_that_fit(cursor, connection.vendor)
        if connection.vendor == "postgresql":
            _bind_postgresql(cursor, keys)
        else:
            _bind_sqlite(cursor, keys)


def keys_that_lead_anywhere(connection: BaseDatabaseWrapper) -> list[str]:
    """What `bind` would make, by the names that a database has for it."""
    with connection.cursor() as cursor:
        keys = _keys_that_fit(cursor, connection.vendor)
        cursor.execute(THERE[connection.vendor])
        there = cursor.fetchall()
    if connection.vendor == "postgresql":
        return sorted({key.name for key in keys} - {name for name, _ in there})
    return sorted(name for name, _ in set(_triggers(keys)) - set(there))


def _keys_that_fit(cursor: Any, vendor: str) -> list[Key]:
    cursor.execute(COLUMNS[vendor])
    columns = set(cursor.fetchall())
    return [key for key in keys_within_clinics() if _columns_of(key) <= columns]


def _columns_of(key: Key) -> set[tuple[str, str]]:
    """What has to be there for it: going back over migrations takes some of it away."""
    return {(key.table, key.column), (key.table, "clinic_id"), (key.parent, "clinic_id")}


# PostgreSQL


def _bind_postgresql(cursor: Any, keys: list[Key]) -> None:
    """A key needs a unique index over the same columns of the parent."""
    cursor.execute(THERE["postgresql"])
    there = dict(cursor.fetchall())
    for name in there.keys() - {key.name for key in keys}:
        cursor.execute(f'ALTER TABLE {there[name]} DROP CONSTRAINT "{name}"')
    for key in keys:
        if key.name not in there:
            over = f'"{key.parent}" (clinic_id, "{key.parent_key}")'
            cursor.execute(f'CREATE UNIQUE INDEX IF NOT EXISTS "{key.parent}{NAMED}" ON {over}')
            cursor.execute(
                f'ALTER TABLE "{key.table}" ADD CONSTRAINT "{key.name}"'
                f' FOREIGN KEY (clinic_id, "{key.column}") REFERENCES {over}'
                " DEFERRABLE INITIALLY DEFERRED"
            )


# SQLite


def _bind_sqlite(cursor: Any, keys: list[Key]) -> None:
    wanted = dict(_triggers(keys))
    cursor.execute(THERE["sqlite"])
    if (there := dict(cursor.fetchall())) != wanted:
        for name in there:
            cursor.execute(f'DROP TRIGGER "{name}"')
        for sql in wanted.values():
            cursor.execute(sql)


def _triggers(keys: list[Key]) -> Iterator[tuple[str, str]]:
    """The name and SQL of each.

    A row may be written before its parent, as in PostgreSQL: whichever comes second is looked at.
    """
    leads, led_to = defaultdict(list), defaultdict(list)
    for key in keys:
        leads[key.table].append(key)
        led_to[key.parent].append(key)
    for table, own in leads.items():
        columns = ", ".join(f'"{key.column}"' for key in own)
        wrong = " OR ".join(map(_parent_is_elsewhere, own))
        yield _trigger(table, "insert", "INSERT", wrong)
        yield _trigger(table, "update", f"UPDATE OF {columns}", wrong)
    for table, to_it in led_to.items():
        yield _trigger(table, "parent", "INSERT", " OR ".join(map(_child_is_elsewhere, to_it)))
    for table in leads.keys() | led_to.keys():
        moved = "NEW.clinic_id IS NOT OLD.clinic_id"
        yield _trigger(table, "stays", "UPDATE OF clinic_id", moved)


def _trigger(table: str, what: str, event: str, wrong: str) -> tuple[str, str]:
    name = f"{table}{NAMED}_{what}"
    return name, (
        f'CREATE TRIGGER "{name}" BEFORE {event} ON "{table}" WHEN {wrong}'
        f" BEGIN SELECT RAISE(ABORT, '{table}: a row leads to another clinic'); END"
    )


def _parent_is_elsewhere(key: Key) -> str:
    return (
        f'EXISTS (SELECT 1 FROM "{key.parent}" AS parent'  # noqa: S608 - names of tables
        f' WHERE parent."{key.parent_key}" = NEW."{key.column}"'
        " AND parent.clinic_id <> NEW.clinic_id)"
    )


def _child_is_elsewhere(key: Key) -> str:
    return (
        f'EXISTS (SELECT 1 FROM "{key.table}" AS child'  # noqa: S608 - names of tables
        f' WHERE child."{key.column}" = NEW."{key.parent_key}"'
        " AND child.clinic_id <> NEW.clinic_id)"
    )


# Around migrations


def loosen_before_migrating(using: str, plan: Any = None, **kwargs: Any) -> None:
    """A receiver of `pre_migrate`: SQLite makes tables again, which it refuses under a trigger."""
    connection = connections[using]
    if plan and connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute(THERE["sqlite"])
            for name, _ in cursor.fetchall():
                cursor.execute(f'DROP TRIGGER "{name}"')


def bind_after_migrating(using: str, **kwargs: Any) -> None:
    """A receiver of `post_migrate`, also where nothing was to do: an earlier run may have ended."""
    bind(connections[using])
