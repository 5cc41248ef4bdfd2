"""Consents that hold the deletion of a case back: each is kept from the day it last held on
(45 CFR 164.530(j))."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from uuid import UUID

from django.utils import timezone

from decisions.cases.told import Hold, tells_holds
from decisions.consents.models import Consent


@tells_holds
def consents_hold(case_ids: Collection[UUID]) -> Iterator[Hold]:
    """Until when each was in effect; one that an event ends, until it was recorded at least."""
    for one in Consent.objects.filter(case__in=case_ids):
        ended = one.revoked_at and timezone.localdate(one.revoked_at)
        ends = [day for day in (ended, one.expires_on) if day]
        last = min(ends) if ends else one.signed_on
        since = max(last, timezone.localdate(one.recorded_at))
        yield Hold(one.case_id, "a consent was in effect", since)
