"""What the database keeps of a job that failed: the kind of error and its lines, no message.

The message of an error may quote a patient, and so may the lines that a chained error adds.
"""

from __future__ import annotations

from typing import Any

from django.db.models.signals import pre_save
from django.dispatch import receiver
from django_tasks_db.models import DBTaskResult

LINE_OF_CODE = "  File "


@receiver(pre_save, sender=DBTaskResult)
def keep_lines_only(sender: object, instance: DBTaskResult[Any, Any], **kwargs: object) -> None:
    """Take the message out of the traceback before it is stored."""
    if instance.traceback:
        kept = [one for one in instance.traceback.splitlines() if one.startswith(LINE_OF_CODE)]
        instance.traceback = "\n".join([*kept, instance.exception_class_path])
