"""What workers run. A job carries ids, never anything of a patient."""

from __future__ import annotations

from uuid import UUID

from django_tasks import task

from decisions.desk.exporting import run_export


@task
def make_export(export_id: str) -> None:
    """Make the file of an export."""
    run_export(UUID(export_id))
