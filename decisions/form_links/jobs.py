"""The mail to a patient. A job carries the id of a link: its secret is made when it is sent."""

from __future__ import annotations

from uuid import UUID

from django_tasks import task

from decisions.form_links.mailing import send_link


@task
def mail_link(link_id: str) -> None:
    """Mail a link that waits."""
    send_link(UUID(link_id))
