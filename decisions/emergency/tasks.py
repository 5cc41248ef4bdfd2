"""What workers run. A job carries an id, never anything of a patient."""

from __future__ import annotations

from uuid import UUID

from django_tasks import task

from decisions.emergency.alerts import tell_about


@task
def mail_about_access(access_id: str) -> None:
    """Mail to those whom an emergency access concerns."""
    tell_about(UUID(access_id))
