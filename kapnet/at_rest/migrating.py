"""Operations for migrations that encrypt what was stored in plain words."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.apps.registry import Apps
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations import RunPython
from django.db.migrations.operations.base import Operation
from django_scopes import scopes_disabled

from kapnet.at_rest.guards import triggers_of
from kapnet.at_rest.indexing import renew_index
from kapnet.at_rest.keys import keyring
from kapnet.at_rest.rewriting import Change, Stored, rewrite


def encrypt_columns(*tables: Stored) -> RunPython:
    """Encrypt what is in these columns, or decrypt it when going back."""

    def rewrite_all(editor: BaseDatabaseSchemaEditor, change: Change) -> None:
        with scopes_disabled():
            for one in tables:
                rewrite(editor.connection, one, change)

    def encrypt(apps: Apps, editor: BaseDatabaseSchemaEditor) -> None:
        rewrite_all(editor, lambda plain: keyring().encrypt(plain))

    def decrypt(apps: Apps, editor: BaseDatabaseSchemaEditor) -> None:
        rewrite_all(editor, lambda token: keyring().decrypt(token))

    return RunPython(encrypt, decrypt)


def index_rows(app_label: str, model_name: str, field_name: str) -> RunPython:
    """Make the search index of rows that have none; going back leaves it to its column's end."""

    def make(apps: Apps, editor: BaseDatabaseSchemaEditor) -> None:
        model = apps.get_model(app_label, model_name)
        field = model._meta.get_field(field_name)
        with scopes_disabled():
            renew_index(editor.connection, model, field)

    return RunPython(make, RunPython.noop)


class TriggersKept(Operation):
    """Operations on one table after which it has the triggers that it had.

    SQLite builds a table anew to change a column, and loses its triggers over it.
    """

    def __init__(self, table: str, operations: Sequence[Operation]) -> None:
        self.table, self.operations = table, operations

    def state_forwards(self, app_label: str, state: Any) -> None:
        """As the operations say."""
        for one in self.operations:
            one.state_forwards(app_label, state)

    def database_forwards(
        self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any
    ) -> None:
        """The operations, one after the other."""
        triggers = self._triggers(schema_editor)
        for one in self.operations:
            to_state = from_state.clone()
            one.state_forwards(app_label, to_state)
            one.database_forwards(app_label, schema_editor, from_state, to_state)
            from_state = to_state
        self._put_back(schema_editor, triggers)

    def database_backwards(
        self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any
    ) -> None:
        """The operations undone, the last first. to_state: how it was before all of them."""
        triggers = self._triggers(schema_editor)
        states = [to_state]
        for one in self.operations:
            states.append(states[-1].clone())
            one.state_forwards(app_label, states[-1])
        for place, one in reversed(list(enumerate(self.operations))):
            before, after = states[place], states[place + 1]
            one.database_backwards(app_label, schema_editor, after, before)
        self._put_back(schema_editor, triggers)

    def describe(self) -> str:
        """For the list that `migrate` prints."""
        return f"Change {self.table} and keep its triggers"

    def _triggers(self, editor: BaseDatabaseSchemaEditor) -> list[tuple[str, str]]:
        if editor.connection.vendor != "sqlite":
            return []
        with editor.connection.cursor() as cursor:
            return triggers_of(cursor, self.table)

    def _put_back(self, editor: BaseDatabaseSchemaEditor, triggers: list[tuple[str, str]]) -> None:
        if not triggers:
            return
        with editor.connection.cursor() as cursor:
            there = triggers_of(cursor, self.table)
            for name, sql in triggers:
                if (name, sql) not in there:
                    cursor.execute(sql)
