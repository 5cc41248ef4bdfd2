"""Sign-in, sign-out, failed sign-in and a new password leave an audit event."""

from __future__ import annotations

from typing import Any

from allauth.account.signals import password_changed, password_reset, password_set
from allauth.mfa.signals import (
    authentication_failed,
    authenticator_added,
    authenticator_removed,
    authenticator_reset,
)
from django.contrib.auth.signals import user_logged_in, user_logged_out, user_login_failed
from django.dispatch import receiver
from django.http import HttpRequest

from kapnet.core.accounts import sessions
from kapnet.core.audit.actions import record_event
from kapnet.core.audit.models import Outcome
from kapnet.core.people.models import Clinic, User


@receiver(user_logged_in)
def record_sign_in(sender: object, request: HttpRequest, user: User, **kwargs: Any) -> None:
    """The session lives its full time again, whatever a visitor's session was given."""
    request.session.set_expiry(None)
    sessions.begin(request)
    _record("account.sign_in", user)


@receiver(user_logged_out)
def record_sign_out(sender: object, request: HttpRequest, user: User | None, **kwargs: Any) -> None:
    """Nothing to record for someone whose session had run out."""
    if user is not None:
        _record("account.sign_out", user)


@receiver(user_login_failed)
def record_failed_sign_in(sender: object, credentials: dict[str, Any], **kwargs: Any) -> None:
    """What was typed is not kept; the account is, where there is one."""
    email = str(credentials.get("email") or credentials.get("username") or "").lower()
    user = User.objects.select_related("membership__clinic").filter(email=email).first()
    _record("account.sign_in", user, outcome=Outcome.FAILED)


@receiver(password_changed)
@receiver(password_set)
@receiver(password_reset)
def record_password_change(sender: object, user: User, **kwargs: Any) -> None:
    """By oneself, or by a link: that it changed, and nothing of it."""
    _record("account.password_changed", user)


@receiver(authenticator_added)
def record_second_factor(sender: object, request: HttpRequest, user: User, **kwargs: Any) -> None:
    """Whoever is signed in elsewhere signs in again, with it."""
    sessions.end_others(request, user)
    _record("account.second_step_added", user)


@receiver(authenticator_removed)
def record_no_second_factor(
    sender: object, request: HttpRequest, user: User, **kwargs: Any
) -> None:
    """Whoever is signed in elsewhere signs in again."""
    sessions.end_others(request, user)
    _record("account.second_step_removed", user)


@receiver(authenticator_reset)
def record_new_codes(sender: object, request: HttpRequest, user: User, **kwargs: Any) -> None:
    """The old recovery codes have stopped working."""
    sessions.end_others(request, user)
    _record("account.recovery_codes_made", user)


@receiver(authentication_failed)
def record_wrong_code(sender: object, user: User, **kwargs: Any) -> None:
    """The code that was typed is not kept."""
    _record("account.second_step", user, outcome=Outcome.FAILED)


def _record(action: str, user: User | None, *, outcome: str = Outcome.DONE) -> None:
    record_event(
        action=action,
        actor=user,
        clinic=clinic_of(user),
        object_type="account",
        object_id=user.pk if user else "",
        outcome=outcome,
    )


def clinic_of(user: User | None) -> Clinic | None:
    """The clinic a person belongs to, switched off or not."""
    membership = getattr(user, "membership", None)
    return membership.clinic if membership else None
