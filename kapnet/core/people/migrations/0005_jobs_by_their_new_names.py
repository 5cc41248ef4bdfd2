"""Mails that wait during the update are found where their functions are now."""

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.models import F, Value
from django.db.models.functions import Replace

BEFORE, NOW = "kapnet.clinics.tasks.", "kapnet.core.notices.tasks."


def rename(apps: Apps, before: str, now: str) -> None:
    jobs = apps.get_model("django_tasks_database", "DBTaskResult").objects
    jobs.filter(task_path__startswith=before).update(
        task_path=Replace(F("task_path"), Value(before), Value(now))
    )


def forward(apps: Apps, editor: BaseDatabaseSchemaEditor) -> None:
    rename(apps, BEFORE, NOW)


def back(apps: Apps, editor: BaseDatabaseSchemaEditor) -> None:
    rename(apps, NOW, BEFORE)


class Migration(migrations.Migration):
    dependencies = [
        ("clinics", "0004_owners_by_the_tables_owner"),
        ("django_tasks_database", "0001_initial"),
    ]

    operations = [migrations.RunPython(forward, back)]
