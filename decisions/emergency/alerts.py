"""Mail to those whom an emergency access concerns. Nothing of a patient and no reason is in it."""

from __future__ import annotations

from collections.abc import Iterator
from uuid import UUID

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.template.loader import render_to_string
from django.urls import reverse
from django_scopes import scope, scopes_disabled

from decisions.emergency.models import EmergencyAccess
from decisions.emergency.queries import people_to_tell


def tell_about(access_id: UUID) -> None:
    """Send one mail to each of them. Raises what the mail server says, so that the job failed."""
    with scopes_disabled():
        access = EmergencyAccess.objects.select_related("case__clinic").get(pk=access_id)
    with scope(clinic=access.case.clinic):
        mails = list(mails_about(access))
    get_connection().send_messages(mails)


def mails_about(access: EmergencyAccess) -> Iterator[EmailMessage]:
    """One for each person: nobody sees who else was told."""
    address = settings.SITE_ADDRESS and settings.SITE_ADDRESS + reverse("home")
    context = {"access": access, "address": address, "product_name": settings.PRODUCT_NAME}
    for person in people_to_tell(access):
        yield EmailMessage(
            subject=f"{settings.PRODUCT_NAME}: a case was opened in an emergency",
            body=render_to_string("emergency/mail.txt", context),
            to=[person.email],
            headers={"Auto-Submitted": "auto-generated"},
        )
