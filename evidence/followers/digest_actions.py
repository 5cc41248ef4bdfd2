"""Every write of the digest: asked for, ended, sent."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.mail import EmailMessage
from django.core.signing import BadSignature, Signer
from django.db import transaction
from django.db.models import Q
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone

from evidence.followers.feed import lines_of
from evidence.followers.models import SentDigest, Subscription
from evidence.models import Release
from evidence.queries import releases
from kapnet.core.audit.actions import record_event
from kapnet.core.people.models import User

SIGNER = Signer(salt="evidence.digest.stop")


NOWHERE = "django.core.mail.backends.dummy.EmailBackend"
"""Takes every mail and sends none."""


class CannotSendError(RuntimeError):
    """This installation sends no mail yet; the message says what to set."""


def subscribe(*, user: User) -> None:
    """Send each release from now on. Asking again changes nothing."""
    _, is_new = Subscription.objects.get_or_create(user=user)
    if is_new:
        _record("digest.on", user)


def unsubscribe(*, user: User) -> None:
    """Send no more. Ending it again changes nothing."""
    removed, _ = Subscription.objects.filter(user=user).delete()
    if removed:
        _record("digest.off", user)


def stop_token(user: User) -> str:
    """What an unsubscribe link carries: it ends the digest of this person and can do no more."""
    return SIGNER.sign(str(user.pk))


def user_of(token: str) -> User | None:
    """Whose digest a token ends; None for one that we did not make."""
    try:
        return User.objects.filter(pk=SIGNER.unsign(token)).first()
    except (BadSignature, ValueError):
        return None


@dataclass(frozen=True)
class Attempt:
    """One mail that was tried. problem: why it was not sent; blank where it was."""

    release: str
    problem: str = ""


def send_due() -> Iterator[Attempt]:
    """Send every digest that is due, the oldest release first. Raises CannotSendError.

    A mail counts as sent when the mail server took it; what failed is tried by the next run. No
    attempt names a person.
    """
    if not settings.SITE_ADDRESS:
        raise CannotSendError("SITE_ADDRESS is not set, so that no link can be written.")
    if settings.EMAIL_BACKEND == NOWHERE:
        raise CannotSendError("EMAIL_URL is not set, so that no mail can be sent.")
    works_here = Q(user__is_evidence_admin=True) | Q(user__membership__is_active=True)
    wanted = Subscription.objects.filter(works_here, user__is_active=True).select_related("user")
    for subscription in wanted:
        due = releases().filter(published_at__gt=subscription.since).order_by("number")
        sent = SentDigest.objects.filter(user=subscription.user).values("release_id")
        for release in due.exclude(pk__in=sent):
            yield _send_once(subscription, release)


def _send_once(subscription: Subscription, release: Release) -> Attempt:
    """Send one mail, unless another run is doing so or has done so."""
    try:
        with transaction.atomic():
            held = Subscription.objects.select_for_update().filter(pk=subscription.pk).first()
            done = SentDigest.objects.filter(user=subscription.user, release=release).exists()
            if held is None or done:
                return Attempt(release.name, "was ended, or sent by another worker")
            SentDigest.objects.create(user=subscription.user, release=release)
            with timezone.override(_zone_of(subscription.user)):
                mail = mail_of(release, subscription.user)
            if mail.send() != 1:
                raise OSError("the mail server took nothing")
    except Exception as problem:
        return Attempt(release.name, type(problem).__name__)
    return Attempt(release.name)


def _zone_of(user: User) -> ZoneInfo | None:
    """That of the person's clinic; of the installation for somebody without one."""
    membership = getattr(user, "membership", None)
    return membership.clinic.zone if membership else None


def mail_of(release: Release, user: User) -> EmailMessage:
    """The mail about one release: no patient is in it, and it can be ended by one click."""
    stop = settings.SITE_ADDRESS + reverse("evidence:stop_digest", args=[stop_token(user)])
    context = {
        "release": release,
        "lines": lines_of(release),
        "address": settings.SITE_ADDRESS + reverse("evidence:release", args=[release.name]),
        "stop": stop,
        "product_name": settings.PRODUCT_NAME,
    }
    return EmailMessage(
        subject=f"{settings.PRODUCT_NAME}: evidence release {release.name}",
        body=render_to_string("evidence/digest/mail.txt", context),
        to=[user.email],
        headers={
            "List-Unsubscribe": f"<{stop}>",
            "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
            "Auto-Submitted": "auto-generated",
        },
    )


def _record(action: str, user: User) -> None:
    membership = getattr(user, "membership", None)
    record_event(
        action=action,
        actor=user,
        clinic=membership.clinic if membership else None,
        object_type="digest",
    )
