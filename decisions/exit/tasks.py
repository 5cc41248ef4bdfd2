"""What workers run. A job carries ids, never a key."""

from __future__ import annotations

from uuid import UUID

from django_tasks import task

from decisions.exit.bulk.making import run_job
from decisions.exit.making import run_exit


@task
def make_file(exit_id: str) -> None:
    """Make the file of what a clinic takes along."""
    run_exit(UUID(exit_id))


@task
def make_bulk(job_id: str) -> None:
    """Make the files of a bulk export."""
    run_job(UUID(job_id))
