"""Listing an EHR, and switching it off."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone

from decisions.smart.models import EhrIssuer
from kapnet.core.audit.actions import record_event
from kapnet.core.people.models import Clinic, User


@transaction.atomic
def save_issuer(*, issuer: EhrIssuer, clinic: Clinic, actor: User) -> EhrIssuer:
    """Keep an EHR as the form has it. Raises IntegrityError for an address that is listed."""
    issuer.clinic, issuer.saved_by, issuer.saved_at = clinic, actor, timezone.now()
    issuer.save()
    record_event(
        action="ehr.saved",
        actor=actor,
        clinic=clinic,
        object_type="ehr",
        object_id=issuer.pk,
        reason="launches allowed" if issuer.is_active else "switched off",
    )
    return issuer
