"""Every write to consents, each with one audit event."""

from __future__ import annotations

from collections.abc import Mapping

from django.db import transaction
from django.utils import timezone

from decisions.cases.case_columns import lock_open_case
from decisions.cases.case_events import record_case_event
from decisions.cases.models import Case
from decisions.consents.models import Consent, SubstanceSource
from kapnet.core.people.models import User
from kapnet.core.web.once import same_in


@transaction.atomic
def record_consent(*, case: Case, actor: User, values: Mapping[str, object]) -> Consent:
    """Write down what was signed. The same paper recorded twice is one, for as long as it is valid.

    A second one would be valid when the patient has revoked the first.
    """
    lock_open_case(case)
    theirs = Consent.objects.filter(case=case, recorded_by=actor, revoked_at=None)
    if recorded := same_in(theirs, values):
        return recorded
    consent = Consent.objects.create(case=case, recorded_by=actor, **values)
    record_case_event("consent.recorded", case, actor, consent.pk)
    return consent


@transaction.atomic
def revoke_consent(*, consent: Consent, actor: User, because: str) -> None:
    """Nothing new leaves under it from now on. Twice changes nothing; issued letters stay."""
    standing = Consent.objects.filter(pk=consent.pk, revoked_at=None)
    if standing.update(revoked_at=timezone.now(), revoked_by=actor, revoked_because=because):
        record_case_event("consent.revoked", consent.case, actor, consent.pk)


@transaction.atomic
def save_source(*, case: Case, actor: User, source: str) -> None:
    """Say where the answers on substance use come from."""
    SubstanceSource.objects.update_or_create(
        case=case, defaults={"source": source, "saved_by": actor}
    )
    record_case_event("consent.source_saved", case, actor, case.pk)
