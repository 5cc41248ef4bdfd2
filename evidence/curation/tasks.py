"""What workers run for curation."""

from __future__ import annotations

from django_tasks import task

from evidence.curation.preparing import work_out


@task
def work_out_impact(draft_id: int) -> None:
    """Work out what a release would change."""
    work_out(draft_id)
