"""The mail with a patient's link: a sender, an address, and not a word of what it is about."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django_scopes import scopes_disabled

from decisions.cases.case_events import record_case_event
from decisions.form_links.models import WAITS, Contact, FormLink
from kapnet.core.people.at_clinic import at_clinic
from kapnet.core.web.secret_pages import new_secret

SUBJECT = "A form is ready"


def send_link(link_id: UUID) -> None:
    """Send the address of a link that waits, once; each try makes a new secret.

    Raises what the mail server says, so that the job is tried again.
    """
    with scopes_disabled():
        link = FormLink.objects.select_related("case__clinic", "made_by").get(pk=link_id)
    with at_clinic(link.case.clinic), transaction.atomic():
        contact = Contact.objects.filter(case=link.case, may_mail=Contact.MayMail.YES).first()
        waiting = FormLink.objects.select_for_update(of=("self",)).filter(
            pk=link.pk, state__in=WAITS, mailed_at=None
        )
        if contact is None or not waiting.exists() or not link.waits:
            return
        secret = new_secret()
        waiting.update(token_sha256=secret.sha256, mailed_at=timezone.now())
        record_case_event("form_link.mailed", link.case, link.made_by, link.pk)
        mail_for(contact.email, address_of(secret.text), until=link.expires_at).send()


def mail_for(email: str, address: str, *, until: datetime) -> EmailMessage:
    """The mail itself. until: the address works; a reminder leaves days after the first mail."""
    context = {"address": address, "sender": settings.FORM_SENDER, "until": until}
    return EmailMessage(
        subject=SUBJECT,
        body=render_to_string("form_links/mail.txt", context),
        to=[email],
        headers={"Auto-Submitted": "auto-generated"},
    )


def address_of(secret: str) -> str:
    """The address of a link in full."""
    return settings.SITE_ADDRESS + reverse("patient_forms:start", args=[secret])
