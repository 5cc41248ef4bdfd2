"""Operations of migrations for tables whose rows the database guards by triggers."""

from __future__ import annotations

from contextlib import ExitStack

from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.operations.base import Operation
from django_scopes import scopes_disabled

from kapnet.core.encryption.guards import guards_off


def without_triggers(table: str, *operations: Operation) -> list[Operation]:
    """The operations, while no trigger of the table runs. After them each is there again.

    SQLite loses them wherever it builds a table again.
    """
    waiting = ExitStack()

    def take_off(apps: Apps, editor: BaseDatabaseSchemaEditor) -> None:
        waiting.enter_context(guards_off(editor.connection, table))

    def put_on(apps: Apps, editor: BaseDatabaseSchemaEditor) -> None:
        waiting.close()

    return [
        migrations.RunPython(take_off, put_on),
        *operations,
        migrations.RunPython(put_on, take_off),
    ]


def column_of_the_clinic(
    model: str, table: str, *, of: tuple[str, str], parent: str, indexed: bool = False
) -> list[Operation]:
    """Every row of the table says whose it is: its parent's clinic.

    of: the column that names the parent, and the parent's key. parent: its table.
    """
    key, parent_key = of

    def fill(apps: Apps, editor: BaseDatabaseSchemaEditor) -> None:
        with scopes_disabled(), editor.connection.cursor() as cursor:
            cursor.execute(
                f'UPDATE "{table}" SET clinic_id = (SELECT parent.clinic_id FROM "{parent}" parent'  # noqa: S608 - names of tables
                f' WHERE parent."{parent_key}" = "{table}"."{key}")'
            )

    def column(*, null: bool) -> models.ForeignKey:
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
        migrations.RunPython(fill, migrations.RunPython.noop),
        migrations.AlterField(model, "clinic", column(null=False)),
    ]
