"""What a worker sends and records. A job carries ids and addresses of people who work here."""

from __future__ import annotations

from django_tasks import task

from kapnet.core.notices import mailing, owed, telling


@task
def mail_about(event_id: int, also_to: list[str]) -> None:
    """Tell an event."""
    telling.mail_about_event(event_id, also_to)


@task
def mail_invitation(user_id: str, asked_by: str, origin: str) -> None:
    """A link to set a first password."""
    mailing.mail_invitation(user_id, asked_by=asked_by, origin=origin)


@task
def mail_new_password(user_id: str, origin: str) -> None:
    """A link to set a new password; without an id there is nobody to send it to."""
    mailing.mail_new_password(user_id, origin=origin)


@task
def write_owed() -> None:
    """Events of clinics that a transaction of another one, or of none, left to be recorded."""
    owed.write_owed_events()
