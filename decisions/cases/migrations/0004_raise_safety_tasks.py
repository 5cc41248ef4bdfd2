"""Raise open safety tasks to the item 9 that is answered now, where that is higher.

The day of the form that opened a task was not kept: it is the day on which it was opened.
"""

from typing import Any

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.utils import timezone
from django_scopes import scopes_disabled

QUESTION, PLACE = "phq9", 8


def raise_tasks(apps: Apps, editor: BaseDatabaseSchemaEditor) -> None:
    tasks, answers = (apps.get_model("decisions", name) for name in ("SafetyTask", "Answer"))
    with scopes_disabled():
        for task in tasks.objects.all():
            opened_on = timezone.localtime(task.opened_at).date()
            task.first_item9, task.first_item9_on = task.item9, opened_on
            task.item9_on, task.raised_at = opened_on, task.opened_at
            task.raised_by_id = task.opened_by_id
            row = answers.objects.filter(case_id=task.case_id, question=QUESTION).first()
            now = _item9(row.value) if row and task.closed_at is None else 0
            if row and now > task.item9:
                task.item9, task.item9_on = now, row.assessed_on
                task.raised_at, task.raised_by_id = row.saved_at, row.saved_by_id
            task.save()


def _item9(value: Any) -> int:
    """The points of item 9 in an answer; 0 where it does not tell."""
    if not isinstance(value, dict):
        return 0
    items = value.get("items")
    return (items[PLACE] if items else value.get("item9")) or 0


class Migration(migrations.Migration):
    dependencies = [("decisions", "0003_safety_tasks_keep_the_highest")]

    operations = [migrations.RunPython(raise_tasks, migrations.RunPython.noop, elidable=True)]
