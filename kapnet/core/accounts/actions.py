"""Every write about clinics and people, each with its audit event."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.db import transaction
from django.utils import timezone

from kapnet.core.accounts.sessions import end_all
from kapnet.core.audit.actions import record_account_event, record_event
from kapnet.core.notices.invitations import ASKED
from kapnet.core.notices.stand_ins import STAND_IN
from kapnet.core.notices.tasks import mail_invitation, mail_new_password
from kapnet.core.notices.telling import tell
from kapnet.core.notices.therapists import announce_therapists
from kapnet.core.people.models import Clinic, Membership, Role, User
from kapnet.core.web.once import JUST_NOW


class PersonActionRefused(Exception):
    """A step about a person that cannot be taken; the message says why. Nothing was changed."""


class KeptByOwnerError(PersonActionRefused):
    """The account is none of the clinic's alone."""

    def __init__(self) -> None:
        super().__init__(
            "The owner of the installation keeps this account. Ask there; nothing was changed."
        )


class LastManagerError(PersonActionRefused):
    """The clinic would be left without a manager; nothing was changed."""

    def __init__(self) -> None:
        super().__init__("A clinic needs a manager. Make somebody else a manager first.")


def invited_just_now(clinic: Clinic, said: Mapping[str, object]) -> Membership | None:
    """The place of somebody who was invited with exactly this and has not signed in yet."""
    place = Membership.objects.select_related("user").filter(
        clinic=clinic,
        role=str(said.get("role", "")),
        user__name=str(said.get("name", "")).strip(),
        user__email=str(said.get("email", "")).strip().lower(),
        user__created_at__gte=timezone.now() - JUST_NOW,
    )
    return next((one for one in place if not one.user.has_usable_password()), None)


@transaction.atomic
def invite_person(*, actor: User, clinic: Clinic, name: str, email: str, role: str) -> Membership:
    """An account without a password, and its place in the clinic. A therapist is told of.

    The same invitation sent twice is one.
    """
    Clinic.objects.select_for_update().get(pk=clinic.pk)
    if place := invited_just_now(clinic, {"name": name, "email": email, "role": role}):
        return place
    user = User.objects.create_user(email, name=name)
    membership = Membership.objects.create(user=user, clinic=clinic, role=role)
    record_account_event("person.invited", membership, actor)
    announce_therapists(clinic, actor=actor)
    return membership


@transaction.atomic
def switch_person(*, actor: User, membership: Membership, is_active: bool) -> None:
    """Deactivate or reactivate a person. Open sessions end with the next request.

    Raises LastManagerError for the only manager, and KeptByOwnerError.
    """
    _refuse_for_owner(membership)
    if not is_active:
        _keep_a_manager(membership)
    membership.is_active = is_active
    membership.save(update_fields=["is_active"])
    membership.user.is_active = is_active
    membership.user.save(update_fields=["is_active"])
    record_account_event(
        "person.reactivated" if is_active else "person.deactivated", membership, actor
    )
    announce_therapists(membership.clinic, actor=actor)


@transaction.atomic
def change_role(*, actor: User, membership: Membership, role: str) -> None:
    """Another role for a person, from their next request on.

    Raises LastManagerError for the only manager, and KeptByOwnerError.
    """
    _refuse_for_owner(membership)
    if membership.role == role:
        return
    _keep_a_manager(membership)
    before, membership.role = membership.role, role
    membership.save(update_fields=["role"])
    record_account_event("person.role_changed", membership, actor, reason=f"{before} to {role}")
    announce_therapists(membership.clinic, actor=actor)


def _refuse_for_owner(membership: Membership) -> None:
    """The owner of the installation and the curators of evidence are no clinic's to switch off."""
    if membership.user.keeps_installation:
        raise KeptByOwnerError


def _keep_a_manager(membership: Membership) -> None:
    """Two managers who take each other's role at once wait for each other here."""
    managers = Membership.objects.select_for_update().filter(
        clinic=membership.clinic,
        role=Role.MANAGER,
        is_active=True,
        user__is_active=True,
        user__is_evidence_admin=False,
        user__is_superuser=False,
    )
    if [one.pk for one in managers.order_by("pk")] == [membership.pk]:
        raise LastManagerError


@transaction.atomic
def reset_second_factor(*, actor: User, membership: Membership) -> None:
    """Take a person's second factor away, so that they can set up another; signs them out.

    Raises KeptByOwnerError.
    """
    _refuse_for_owner(membership)
    Authenticator.objects.filter(user=membership.user).delete()
    end_all(membership.user)
    record_account_event("person.second_step_reset", membership, actor)


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


@transaction.atomic
def end_tour(*, user: User, clinic: Clinic) -> None:
    """Do not offer the tour of a first sign-in again."""
    user.toured_at = timezone.now()
    user.save(update_fields=["toured_at"])
    record_event(
        action="tour.ended", actor=user, clinic=clinic, object_type="account", object_id=user.pk
    )


@transaction.atomic
def ask_for_link(*, actor: User, membership: Membership, origin: str) -> None:
    """Let somebody without a password set one: by a mail, where this installation sends mail.

    origin: with what the link begins. Raises KeptByOwnerError.
    """
    _refuse_for_owner(membership)
    record_account_event(ASKED, membership, actor)
    if settings.SENDS_MAIL:
        mail_invitation.enqueue(str(membership.user_id), str(actor.pk), origin)


def show_link(*, actor: User, membership: Membership) -> None:
    """Write down that a manager sees the link of somebody else. Raises KeptByOwnerError."""
    _refuse_for_owner(membership)
    record_account_event("person.password_link_shown", membership, actor)


def ask_for_new_password(*, email: str, origin: str) -> None:
    """A mail with a link, if an active person has this address. The same is done if not."""
    person = User.objects.filter(email=email.strip().lower(), is_active=True).first()
    mail_new_password.enqueue(str(person.pk) if person else "", origin)


@transaction.atomic
def save_clinic_settings(
    *, clinic: Clinic, actor: User, time_zone: str, kept_years: int, has_reply_links: bool
) -> None:
    """Its clock, how long it keeps closed cases, and whether its letters are answered online."""
    clinic.time_zone, clinic.kept_years = time_zone, kept_years
    clinic.has_reply_links = has_reply_links
    clinic.save(update_fields=["time_zone", "kept_years", "has_reply_links"])
    linked = "with" if has_reply_links else "without"
    record_event(
        action="clinic.settings_saved",
        actor=actor,
        clinic=clinic,
        object_type="clinic",
        object_id=clinic.pk,
        reason=f"{clinic.zone.key}, {kept_years} years, letters {linked} a reply link",
    )


@transaction.atomic
def set_away(
    *, membership: Membership, actor: User, stand_in: User, away_from: date, away_until: date
) -> None:
    """Let a colleague stand in for a therapist, who is told."""
    membership.stand_in = stand_in
    membership.away_from, membership.away_until = away_from, away_until
    membership.save(update_fields=["stand_in", "away_from", "away_until"])
    told = f"{away_from} to {away_until}"
    tell(record_account_event(STAND_IN, membership, actor, reason=told))


@transaction.atomic
def end_away(*, membership: Membership, actor: User) -> None:
    """A therapist is back."""
    membership.stand_in = membership.away_from = membership.away_until = None
    membership.save(update_fields=["stand_in", "away_from", "away_until"])
    record_account_event("person.back", membership, actor)
