"""Operations of migrations that say whose rows are, and that pass by triggers.

They ask for no model: Django would make all of them again for each function that a migration runs.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from typing import Any

from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ProjectState
from django_scopes import scopes_disabled

from kapnet.core.encryption.guards import guards_off

Step = Callable[[BaseDatabaseSchemaEditor], None]


class BaseManagers(Operation):
    """These models have the managers of `OfAClinic`. To a migration both are plain."""

    def __init__(self, *names: str) -> None:
        self.names = names

    def state_forwards(self, app_label: str, state: ProjectState) -> None:
        """Of the state alone: nothing that a migration does depends on it."""
        for name in self.names:
            plain: list[models.Manager[Any]] = [models.Manager(), models.Manager()]
            named = list(zip(("objects", "in_scope"), plain, strict=True))
            state.models[app_label, name].managers = named

    def database_forwards(self, *args: object) -> None:
        """Nothing."""

    def database_backwards(self, *args: object) -> None:
        """Nothing."""


class _Doing(Operation):
    """What is done to the database, and what is done on the way back."""

    def __init__(self, forwards: Step, backwards: Step) -> None:
        self.forwards, self.backwards = forwards, backwards

    def state_forwards(self, app_label: str, state: ProjectState) -> None:
        """No table is another one."""

    def database_forwards(
        self, app_label: str, editor: BaseDatabaseSchemaEditor, *states: ProjectState
    ) -> None:
        self.forwards(editor)

    def database_backwards(
        self, app_label: str, editor: BaseDatabaseSchemaEditor, *states: ProjectState
    ) -> None:
        self.backwards(editor)


def without_triggers(table: str, *operations: Operation) -> list[Operation]:
    """The operations, while no trigger of the table runs. After them each is there again.

    SQLite loses them wherever it builds a table again.
    """
    waiting = ExitStack()

    def take_off(editor: BaseDatabaseSchemaEditor) -> None:
        waiting.enter_context(guards_off(editor.connection, table))

    def put_on(editor: BaseDatabaseSchemaEditor) -> None:
        waiting.close()

    return [_Doing(take_off, put_on), *operations, _Doing(put_on, take_off)]


@contextmanager
def _seen_by_the_owner(editor: BaseDatabaseSchemaEditor, *tables: str) -> Iterator[None]:
    """Every row of the tables. Who went back lost the policies that show them."""
    is_walled = editor.connection.vendor == "postgresql"
    for table in tables if is_walled else ():
        editor.execute(f'ALTER TABLE "{table}" NO FORCE ROW LEVEL SECURITY', params=None)
    with scopes_disabled():
        yield
    for table in tables if is_walled else ():
        editor.execute(f'ALTER TABLE "{table}" FORCE ROW LEVEL SECURITY', params=None)


def column_of_the_clinic(
    model: str, table: str, *, of: tuple[str, str], parent: str, indexed: bool = False
) -> list[Operation]:
    """Every row of the table says whose it is: its parent's clinic.

    of: the column that names the parent, and the parent's key. parent: its table.
    """
    key, parent_key = of

    def fill(editor: BaseDatabaseSchemaEditor) -> None:
        with _seen_by_the_owner(editor, table, parent), editor.connection.cursor() as cursor:
            cursor.execute(
                f'UPDATE "{table}" SET clinic_id = (SELECT parent.clinic_id'  # noqa: S608 - names
                f' FROM "{parent}" parent WHERE parent."{parent_key}" = "{table}"."{key}")'
            )

    def empty(editor: BaseDatabaseSchemaEditor) -> None:
        """The column goes with its rows' clinics."""

    def column(*, null: bool) -> models.ForeignKey[Any, Any]:
        return models.ForeignKey(
            "clinics.clinic",
            on_delete=models.PROTECT,
            related_name="+",
            editable=False,
            db_index=indexed,
            null=null,
        )

    return [
        migrations.AddField(model, "clinic", column(null=True)),
        _Doing(fill, empty),
        migrations.AlterField(model, "clinic", column(null=False)),
    ]
