"""A safety task can come from another system, where nobody with an account entered the answer.

SQLite makes the table again for this, which loses its triggers: they are set again.
"""

from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

from kapnet.core.append_only import SQLITE_KEEPS

TABLE, ONLY = "decisions_safetytask", "OLD.closed_at IS NULL"


def written_by(person: str, source: str) -> models.Q:
    is_empty = {f"{person}__isnull": True}
    by_link = models.Q(**{source: "patient_link"}, **is_empty)
    by_person = models.Q(**{source: "clinician"}) & ~models.Q(**is_empty)
    return by_link | by_person | models.Q(**{f"{source}__in": ["fhir", "import"]})


def keep_again(apps: Apps, editor: BaseDatabaseSchemaEditor) -> None:
    """On SQLite alone. PostgreSQL keeps triggers of a table that it alters."""
    if editor.connection.vendor == "sqlite":
        for trigger in SQLITE_KEEPS:
            editor.execute(trigger.format(table=TABLE, only=ONLY), params=None)


class Migration(migrations.Migration):
    dependencies = [("decisions", "0014_safety_tasks_by_link")]

    operations = [
        migrations.RunPython(migrations.RunPython.noop, keep_again),
        migrations.RemoveConstraint(
            model_name="safetytask", name="safety_task_by_a_person_or_by_link"
        ),
        migrations.AddConstraint(
            model_name="safetytask",
            constraint=models.CheckConstraint(
                condition=written_by("opened_by", "source")
                & written_by("raised_by", "raised_source"),
                name="safety_task_by_somebody_or_something",
            ),
        ),
        migrations.RunPython(keep_again, migrations.RunPython.noop),
    ]
