"""A chain for each clinic. The one chain of before is closed: its end is the first new event."""

from typing import Any

import django.db.models.deletion
import django.utils.timezone
from django.apps.registry import Apps
from django.conf import settings
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.exceptions import IrreversibleError

from kapnet.core.append_only import append_only, append_only_again
from kapnet.core.audit.chain import CLOSED
from kapnet.core.audit.chain_triggers import chained_by_clinic
from kapnet.core.audit.migrations._one_chain import unchained

KEY_BY_EVENT = """
ALTER TABLE audit_link DROP CONSTRAINT audit_link_pkey, DROP CONSTRAINT audit_link_event_id_key,
ADD CONSTRAINT audit_link_pkey PRIMARY KEY (event_id)
"""
KEY_BY_SEQUENCE = """
ALTER TABLE audit_link DROP CONSTRAINT audit_link_pkey,
ADD CONSTRAINT audit_link_pkey PRIMARY KEY (sequence),
ADD CONSTRAINT audit_link_event_id_key UNIQUE (event_id)
"""
RIGHTS = "UPDATE, DELETE, TRUNCATE ON audit_notedhead"
triggers_on_the_way_back, triggers_again = append_only_again("audit_link")


class AlterFieldOfSqlite(migrations.AlterField):
    """Where the table is built again. On PostgreSQL Django would drop the new key with the old."""

    def database_forwards(self, app_label: str, schema_editor: Any, *states: Any) -> None:
        if schema_editor.connection.vendor == "sqlite":
            super().database_forwards(app_label, schema_editor, *states)


def key_by_event(apps: Apps, editor: BaseDatabaseSchemaEditor) -> None:
    if editor.connection.vendor == "postgresql":
        editor.execute(KEY_BY_EVENT)


def key_by_sequence(apps: Apps, editor: BaseDatabaseSchemaEditor) -> None:
    if editor.connection.vendor == "postgresql":
        editor.execute(KEY_BY_SEQUENCE)


def revoke(apps: Apps, editor: BaseDatabaseSchemaEditor) -> None:
    if editor.connection.vendor == "postgresql":
        editor.execute(f"REVOKE {RIGHTS} FROM CURRENT_USER")


def grant(apps: Apps, editor: BaseDatabaseSchemaEditor) -> None:
    if editor.connection.vendor == "postgresql":
        editor.execute(f"GRANT {RIGHTS} TO CURRENT_USER")


def name_the_closed_end(apps: Apps, editor: BaseDatabaseSchemaEditor) -> None:
    last = apps.get_model("audit", "Link").objects.order_by("sequence").last()
    if last is None:
        return
    apps.get_model("audit", "Event").objects.create(
        action="audit.chain_closed",
        object_type="audit",
        object_id=CLOSED.hex,
        reason=f"{last.sequence}:{last.sha256}",
    )
    if editor.connection.vendor == "postgresql":  # now, so that tables can be changed again
        editor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        editor.execute("SET CONSTRAINTS ALL DEFERRED")


def refuse_where_there_are_chains(apps: Apps, editor: BaseDatabaseSchemaEditor) -> None:
    if apps.get_model("audit", "Link").objects.exclude(chain=CLOSED).exists():
        raise IrreversibleError("The audit log has a chain for each clinic: these make no one.")


class Migration(migrations.Migration):
    dependencies = [
        ("audit", "0002_triggers"),
        ("clinics", "0001_tables"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        unchained(),
        triggers_on_the_way_back,
        migrations.AddField(
            model_name="link",
            name="chain",
            field=models.UUIDField(default=CLOSED),
            preserve_default=False,
        ),
        migrations.RunPython(key_by_event, key_by_sequence),
        AlterFieldOfSqlite(
            model_name="link",
            name="event",
            field=models.OneToOneField(
                db_constraint=False,
                on_delete=django.db.models.deletion.PROTECT,
                primary_key=True,
                related_name="link",
                serialize=False,
                to="audit.event",
            ),
        ),
        AlterFieldOfSqlite(
            model_name="link",
            name="sequence",
            field=models.BigIntegerField(help_text="Counts from 1 in each chain, without a gap."),
        ),
        migrations.AlterModelOptions(
            name="link",
            options={"ordering": ["chain", "sequence"]},
        ),
        migrations.AddConstraint(
            model_name="link",
            constraint=models.UniqueConstraint(
                fields=("chain", "sequence"), name="link_once_a_place"
            ),
        ),
        triggers_again,
        migrations.CreateModel(
            name="NotedHead",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("chain", models.UUIDField()),
                ("sequence", models.BigIntegerField()),
                ("sha256", models.CharField(max_length=64)),
                ("is_verified", models.BooleanField()),
                ("noted_at", models.DateTimeField(default=django.utils.timezone.now)),
            ],
            options={
                "ordering": ["id"],
                "indexes": [models.Index(fields=["chain", "id"], name="head_by_chain")],
            },
        ),
        migrations.CreateModel(
            name="OwedEvent",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("at", models.DateTimeField(default=django.utils.timezone.now)),
                ("action", models.CharField(max_length=60)),
                ("object_type", models.CharField(max_length=40)),
                ("object_id", models.CharField(blank=True, max_length=64)),
                ("case_id", models.UUIDField(null=True)),
                ("reason", models.CharField(blank=True, max_length=200)),
                ("reference", models.CharField(blank=True, max_length=32)),
                ("also_to", models.JSONField(null=True)),
                (
                    "actor",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "clinic",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="clinics.clinic",
                    ),
                ),
            ],
            options={"ordering": ["id"]},
        ),
        append_only("audit_notedhead"),
        migrations.RunPython(revoke, grant),
        chained_by_clinic(),
        migrations.RunPython(name_the_closed_end, refuse_where_there_are_chains),
    ]
