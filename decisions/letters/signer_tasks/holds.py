"""Letters that hold the deletion of a case back: those that wait for their signer, and each signed
one for as long as the case itself is kept."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from uuid import UUID

from django.db.models import Max
from django.utils import timezone

from decisions.cases.told import Hold, tells_holds
from decisions.letters.models import Letter, LetterTask


@tells_holds
def letters_hold(case_ids: Collection[UUID]) -> Iterator[Hold]:
    """Open tasks of who signed, and the newest signature of each case."""
    waiting = LetterTask.objects.filter(letter__case__in=case_ids, closed_at=None)
    for case_id in waiting.order_by().values_list("letter__case_id", flat=True).distinct():
        yield Hold(case_id, "a task about a signed letter is open")
    signed = Letter.objects.filter(case__in=case_ids, signed_at__isnull=False)
    newest = signed.order_by().values_list("case_id").annotate(Max("signed_at"))
    for case_id, signed_at in newest:
        yield Hold(case_id, "a letter was signed", timezone.localdate(signed_at))
