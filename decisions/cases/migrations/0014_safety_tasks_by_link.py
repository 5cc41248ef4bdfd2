"""A safety task can come from a patient's answer by link, which nobody with an account entered.

SQLite makes the table again for this, which loses its triggers: they are set again.
"""

import django.db.models.deletion
from django.apps.registry import Apps
from django.conf import settings
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

from kapnet.core.append_only import SQLITE_KEEPS

TABLE, ONLY = "decisions_safetytask", "OLD.closed_at IS NULL"
SOURCES = [
    ("clinician", "A clinician"),
    ("patient_link", "The patient, by link"),
    ("fhir", "Another system"),
    ("import", "A file"),
]


def written_by(person: str, source: str) -> models.Q:
    by_link = models.Q(**{source: "patient_link"})
    return models.Q(by_link, **{f"{person}__isnull": True}) | models.Q(
        ~by_link, **{f"{person}__isnull": False}
    )


def keep_again(apps: Apps, editor: BaseDatabaseSchemaEditor) -> None:
    """On SQLite alone. PostgreSQL keeps triggers of a table that it alters."""
    if editor.connection.vendor == "sqlite":
        for trigger in SQLITE_KEEPS:
            editor.execute(trigger.format(table=TABLE, only=ONLY), params=None)


class Migration(migrations.Migration):
    dependencies = [
        ("decisions", "0013_made_by_a_form"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RunPython(migrations.RunPython.noop, keep_again),
        *(
            migrations.AddField(
                model_name="safetytask",
                name=name,
                field=models.CharField(choices=SOURCES, default="clinician", max_length=12),
            )
            for name in ("source", "raised_source")
        ),
        *(
            migrations.AlterField(
                model_name="safetytask",
                name=name,
                field=models.ForeignKey(
                    null=True,
                    on_delete=django.db.models.deletion.PROTECT,
                    related_name="+",
                    to=settings.AUTH_USER_MODEL,
                ),
            )
            for name in ("opened_by", "raised_by")
        ),
        migrations.AddConstraint(
            model_name="safetytask",
            constraint=models.CheckConstraint(
                condition=written_by("opened_by", "source")
                & written_by("raised_by", "raised_source"),
                name="safety_task_by_a_person_or_by_link",
            ),
        ),
        migrations.RunPython(keep_again, migrations.RunPython.noop),
    ]
