"""What workers run for safety tasks. A job carries ids, never anything of a patient."""

from __future__ import annotations

from datetime import datetime

from django_tasks import task

from decisions.cases.safety.unopened import look_at


@task
def look_after(task_id: int, since: str) -> None:
    """Tell of a safety task that nobody has opened by now."""
    look_at(task_id, datetime.fromisoformat(since))
