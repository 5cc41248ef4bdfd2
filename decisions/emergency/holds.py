"""Emergency accesses that hold the deletion of a case back."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from uuid import UUID

from django.utils import timezone

from decisions.cases.told import Hold, tells_holds
from decisions.emergency.models import EmergencyAccess
from decisions.emergency.queries import unseen


@tells_holds
def accesses_hold(case_ids: Collection[UUID]) -> Iterator[Hold]:
    """Accesses that no therapist has looked at, and the end of each."""
    for one in unseen().filter(case__in=case_ids):
        yield Hold(one.case_id, "nobody has looked at an emergency access")
    ends = EmergencyAccess.objects.filter(case__in=case_ids).values_list("case_id", "ends_at")
    for case_id, ends_at in ends:
        yield Hold(case_id, "it was opened in an emergency", timezone.localdate(ends_at))
