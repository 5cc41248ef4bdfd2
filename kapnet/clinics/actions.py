"""Every write about clinics and people, each with its audit event."""

from __future__ import annotations

from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.core.mail import send_mail
from django.db import transaction
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.urls import reverse

from kapnet.audit.actions import record_event
from kapnet.clinics.models import Clinic, Membership, Role, User
from kapnet.clinics.sessions import end_all


class LastManagerError(Exception):
    """The clinic would be left without a manager; nothing was changed."""

    def __init__(self) -> None:
        super().__init__("A clinic needs a manager. Make somebody else a manager first.")


@transaction.atomic
def invite_person(*, actor: User, clinic: Clinic, name: str, email: str, role: str) -> Membership:
    """An account without a password, and its place in the clinic."""
    user = User.objects.create_user(email, name=name)
    membership = Membership.objects.create(user=user, clinic=clinic, role=role)
    _record("person.invited", actor, membership)
    return membership


@transaction.atomic
def switch_person(*, actor: User, membership: Membership, is_active: bool) -> None:
    """Deactivate or reactivate a person. Open sessions end with the next request.

    Raises LastManagerError for the only manager.
    """
    if not is_active:
        _keep_a_manager(membership)
    membership.is_active = is_active
    membership.save(update_fields=["is_active"])
    membership.user.is_active = is_active
    membership.user.save(update_fields=["is_active"])
    _record("person.reactivated" if is_active else "person.deactivated", actor, membership)


@transaction.atomic
def change_role(*, actor: User, membership: Membership, role: str) -> None:
    """Another role for a person, from their next request on.

    Raises LastManagerError for the only manager.
    """
    if membership.role == role:
        return
    _keep_a_manager(membership)
    before, membership.role = membership.role, role
    membership.save(update_fields=["role"])
    _record("person.role_changed", actor, membership, reason=f"{before} to {role}")


def _keep_a_manager(membership: Membership) -> None:
    """Two managers who take each other's role at once wait for each other here."""
    managers = Membership.objects.select_for_update().filter(
        clinic=membership.clinic, role=Role.MANAGER, is_active=True, user__is_active=True
    )
    if [one.pk for one in managers] == [membership.pk]:
        raise LastManagerError


@transaction.atomic
def reset_second_step(*, actor: User, membership: Membership) -> None:
    """Take a person's second step away, so that they can set up another; signs them out."""
    Authenticator.objects.filter(user=membership.user).delete()
    end_all(membership.user)
    _record("person.second_step_reset", actor, membership)


def save_profile(*, user: User, clinic: Clinic | None) -> None:
    """Keep what a person wrote about themselves."""
    with transaction.atomic():
        user.save(update_fields=["name", "profession", "license_number", "phone", "secure_reply"])
        record_event(
            action="profile.saved",
            actor=user,
            clinic=clinic,
            object_type="account",
            object_id=user.pk,
        )


def password_link(*, request: HttpRequest, actor: User, membership: Membership) -> str:
    """A link by which the person sets a first password; it works once and for three days."""
    person = membership.user
    place = {
        "uidb36": user_pk_to_url_str(person),
        "key": default_token_generator.make_token(person),
    }
    address = reverse("account_reset_password_from_key", kwargs=place)
    _record("person.password_link_made", actor, membership)
    return request.build_absolute_uri(address)


def mail_invitation(*, membership: Membership, link: str) -> None:
    """Send the link to the person, by whatever mail the installation has."""
    context = {"membership": membership, "link": link, "product_name": settings.PRODUCT_NAME}
    send_mail(
        subject=f"Your account at {settings.PRODUCT_NAME}",
        message=render_to_string("account/email/invitation.txt", context),
        from_email=None,
        recipient_list=[membership.user.email],
    )


def _record(action: str, actor: User, membership: Membership, *, reason: str = "") -> None:
    record_event(
        action=action,
        actor=actor,
        clinic=membership.clinic,
        object_type="account",
        object_id=membership.user_id,
        reason=reason,
    )
