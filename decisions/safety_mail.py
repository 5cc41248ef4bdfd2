"""Mail about a safety task, sent by a worker. A job carries an id, and no mail names a patient."""

from __future__ import annotations

from collections.abc import Iterator

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.template.loader import render_to_string
from django.urls import reverse
from django_scopes import scope, scopes_disabled
from django_tasks import task

from decisions.models import SafetyTask
from decisions.queries import people_to_tell


@task
def mail_about_safety_task(task_id: int) -> None:
    """Send one mail to each therapist whom it concerns. A task closed by now needs none.

    Raises what the mail server says, so that the job failed.
    """
    with scopes_disabled():
        found = SafetyTask.objects.select_related("case__clinic").get(pk=task_id)
    if found.closed_at is None:
        with scope(clinic=found.case.clinic):
            get_connection().send_messages(list(mails_about(found)))


def mails_about(safety_task: SafetyTask) -> Iterator[EmailMessage]:
    """One for each person: nobody sees who else was told."""
    address = settings.SITE_ADDRESS and settings.SITE_ADDRESS + reverse("home")
    context = {"task": safety_task, "address": address, "product_name": settings.PRODUCT_NAME}
    for person in people_to_tell(safety_task):
        yield EmailMessage(
            subject=f"{settings.PRODUCT_NAME}: act first, a safety task is open",
            body=render_to_string("decisions/safety_mail.txt", context),
            to=[person.email],
            headers={"Auto-Submitted": "auto-generated"},
        )
