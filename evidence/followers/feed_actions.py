"""Making, revoking and resolving secret addresses of the feed."""

from __future__ import annotations

import hashlib
import secrets

from django.db import transaction

from evidence.feed_models import FeedAddress
from kapnet.core.audit.actions import record_event
from kapnet.core.people.models import Clinic, User

SECRET_BYTES = 32
ADDRESS_TO_SHOW = "feed_address_to_show"
"""Where the session keeps a new address until it was shown once."""


@transaction.atomic
def make_feed_address(*, person: User, clinic: Clinic | None) -> str:
    """A new secret for this person, shown once; one made before works no longer."""
    FeedAddress.objects.filter(person=person).delete()
    secret = secrets.token_urlsafe(SECRET_BYTES)
    FeedAddress.objects.create(person=person, secret_sha256=hash_of(secret))
    _record("feed_address.made", person, clinic)
    return secret


@transaction.atomic
def revoke_feed_address(*, person: User, clinic: Clinic | None) -> None:
    """The person's secret address works no longer."""
    FeedAddress.objects.filter(person=person).delete()
    _record("feed_address.revoked", person, clinic)


def may_read_feed(secret: str) -> bool:
    """Whether a secret is that of someone who still works here and may read the evidence."""
    found = FeedAddress.objects.select_related("person__membership")
    address = found.filter(secret_sha256=hash_of(secret), person__is_active=True).first()
    if address is None:
        return False
    membership = getattr(address.person, "membership", None)
    return address.person.is_evidence_admin or bool(membership and membership.is_active)


def hash_of(secret: str) -> str:
    """What is kept of a secret: it is random and long, so that a plain hash cannot be turned."""
    return hashlib.sha256(secret.encode()).hexdigest()


def _record(action: str, person: User, clinic: Clinic | None) -> None:
    record_event(
        action=action,
        actor=person,
        clinic=clinic,
        object_type="account",
        object_id=person.pk,
    )
