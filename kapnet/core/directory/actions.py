"""Every write to the directory, each with one audit event. Nothing is ever removed."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from kapnet.core.audit.actions import record_event
from kapnet.core.directory.models import Colleague, Site
from kapnet.core.people.models import Clinic, User

NOT_VERIFIED = {"verified_on": None, "verified_by": None}


class EntryChangedError(Exception):
    """Somebody else saved this entry since it was read."""


@transaction.atomic
def add_colleague(*, clinic: Clinic, actor: User, values: Mapping[str, object]) -> Colleague:
    """A colleague without a site."""
    colleague = Colleague.objects.create(
        clinic=clinic, saved_at=timezone.now(), saved_by=actor, **values
    )
    _record("directory.colleague_added", actor, colleague, colleague.pk)
    return colleague


@transaction.atomic
def save_colleague(
    *, colleague: Colleague, actor: User, values: Mapping[str, object], saved_at: datetime
) -> None:
    """Change what is said of a colleague. Under another name no site counts as verified.

    saved_at: when the entry was saved that the person was looking at.
    Raises EntryChangedError when somebody else saved it meanwhile.
    """
    rows = Colleague.objects.filter(pk=colleague.pk, saved_at=saved_at)
    if not rows.update(**values, saved_at=timezone.now(), saved_by=actor):
        raise EntryChangedError
    if values["name"] != colleague.name:
        Site.objects.filter(colleague=colleague).update(**NOT_VERIFIED)
    _record("directory.colleague_saved", actor, colleague, colleague.pk)


@transaction.atomic
def add_site(*, colleague: Colleague, actor: User, values: Mapping[str, object]) -> Site:
    """One more place at which a colleague is reached; nobody has verified it yet."""
    site = Site.objects.create(
        colleague=colleague, saved_at=timezone.now(), saved_by=actor, **values
    )
    _record("directory.site_added", actor, colleague, site.pk)
    return site


@transaction.atomic
def save_site(*, site: Site, actor: User, values: Mapping[str, object], saved_at: datetime) -> None:
    """Change the details of a site; it has to be verified again if they are others.

    Raises EntryChangedError when somebody else saved it meanwhile.
    """
    reached = {name: one for name, one in values.items() if name != "accepts_referrals"}
    is_same = all(getattr(site, name) == one for name, one in reached.items())
    fields = {**values, **({} if is_same else NOT_VERIFIED)}
    rows = Site.objects.filter(pk=site.pk, saved_at=saved_at)
    if not rows.update(**fields, saved_at=timezone.now(), saved_by=actor):
        raise EntryChangedError
    _record("directory.site_saved", actor, site.colleague, site.pk)


@transaction.atomic
def verify_site(*, site: Site, actor: User, saved_at: datetime) -> None:
    """Write down who checked these details today, and that they are right.

    Raises EntryChangedError when they are not the details that the person was looking at.
    """
    rows = Site.objects.filter(pk=site.pk, saved_at=saved_at)
    now = timezone.now()
    if not rows.update(verified_on=timezone.localdate(), verified_by=actor, saved_at=now):
        raise EntryChangedError
    _record("directory.site_verified", actor, site.colleague, site.pk)


@transaction.atomic
def switch_colleague(*, colleague: Colleague, actor: User, is_active: bool) -> None:
    """Deactivate a colleague, or list them again."""
    Colleague.objects.filter(pk=colleague.pk).update(is_active=is_active)
    action = "colleague_reactivated" if is_active else "colleague_deactivated"
    _record(f"directory.{action}", actor, colleague, colleague.pk)


@transaction.atomic
def switch_site(*, site: Site, actor: User, is_active: bool) -> None:
    """Deactivate a site, or list it again."""
    Site.objects.filter(pk=site.pk).update(is_active=is_active)
    action = "site_reactivated" if is_active else "site_deactivated"
    _record(f"directory.{action}", actor, site.colleague, site.pk)


def _record(action: str, actor: User, colleague: Colleague, object_id: UUID) -> None:
    record_event(
        action=action,
        actor=actor,
        clinic=colleague.clinic,
        object_type="directory",
        object_id=object_id,
    )
