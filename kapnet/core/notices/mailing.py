"""Links to set a password, and the mails that carry them.

A worker makes and sends these mails: no request waits for a mail server, fails with it, or shows by
it who has an account. The secret of a link is in no job.
"""

from __future__ import annotations

from smtplib import SMTPException
from uuid import UUID

from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from django.conf import settings
from django.core.mail import send_mail
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.urls import reverse

from kapnet.core.audit.actions import record_account_event
from kapnet.core.audit.models import Outcome
from kapnet.core.people.models import Membership, User

MAILED = "person.invitation_mailed"
MAIL_IS_AWAY = (OSError, SMTPException)
"""What a mail server raises that is away or takes nothing."""


def origin_of(request: HttpRequest) -> str:
    """Where this installation was asked, as the beginning of a link."""
    return request.build_absolute_uri("/").rstrip("/")


def link_for(person: User, origin: str) -> str:
    """A link by which a person sets a password; it works once and for three days."""
    place = {
        "uidb36": user_pk_to_url_str(person),
        "key": default_token_generator.make_token(person),
    }
    return origin + reverse("account_reset_password_from_key", kwargs=place)


def mail_invitation(user_id: str, *, asked_by: str, origin: str) -> None:
    """Send the link, and write down whether it left. Raises what the mail server says."""
    membership = Membership.objects.select_related("user", "clinic").get(user_id=UUID(user_id))
    context = {
        "membership": membership,
        "link": link_for(membership.user, origin),
        "product_name": settings.PRODUCT_NAME,
    }
    try:
        send_mail(
            subject=f"Your account at {settings.PRODUCT_NAME}",
            message=render_to_string("account/email/invitation.txt", context),
            from_email=None,
            recipient_list=[membership.user.email],
        )
    except MAIL_IS_AWAY:
        asker = User.objects.get(pk=asked_by)
        record_account_event(MAILED, membership, asker, outcome=Outcome.FAILED)
        raise
    record_account_event(MAILED, membership, User.objects.get(pk=asked_by))


def mail_new_password(user_id: str, *, origin: str) -> None:
    """Send a link to somebody who forgot the password. Nobody is told where there is nobody."""
    person = User.objects.filter(pk=user_id, is_active=True).first() if user_id else None
    if person is None:
        return
    context = {"password_reset_url": link_for(person, origin)}
    send_mail(
        subject=render_to_string("account/email/password_reset_key_subject.txt").strip(),
        message=render_to_string("account/email/password_reset_key_message.txt", context),
        from_email=None,
        recipient_list=[person.email],
    )
