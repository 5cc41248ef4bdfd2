"""Every shared read of consents."""

from __future__ import annotations

from django.db.models import Q, QuerySet
from django.utils import timezone

from decisions.cases.models import Case
from decisions.consents.models import Consent, SubstanceSource


def consents_of(case: Case) -> QuerySet[Consent]:
    """What was signed for a case, newest first; revoked ones stay."""
    found = Consent.objects.filter(case=case).select_related(
        "case__clinic", "recorded_by", "revoked_by"
    )
    return found.order_by("-recorded_at", "pk")


def standing_consents_of(case: Case) -> QuerySet[Consent]:
    """Those under which something may leave today."""
    today = timezone.localdate()
    return consents_of(case).filter(
        Q(expires_on__isnull=True) | Q(expires_on__gte=today), revoked_at=None
    )


def source_of(case: Case) -> SubstanceSource | None:
    """Where the answers on substance use come from; None while nobody has said."""
    return SubstanceSource.objects.filter(case=case).select_related("saved_by").first()
