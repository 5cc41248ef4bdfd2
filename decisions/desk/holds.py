"""Deliveries and replies that hold the deletion of a case back."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from uuid import UUID

from django.db.models import Max
from django.utils import timezone

from decisions.cases.told import Hold, tells_holds
from decisions.desk.models import Delivery, DeliveryStep
from decisions.desk.replies.models import Reply
from decisions.desk.steps import OPEN


@tells_holds
def deliveries_hold(case_ids: Collection[UUID]) -> Iterator[Hold]:
    """Letters of which the desk still expects something, and the newest step of each case.

    One that will never be sent, or was replaced, holds nothing once the desk took its day away.
    """
    expected = Delivery.objects.filter(
        letter__case__in=case_ids, status__in=OPEN, due_on__isnull=False
    )
    for case_id in expected.values_list("letter__case_id", flat=True).distinct():
        yield Hold(
            case_id, "the desk expects something of a letter: mark it done, or clear its day"
        )
    steps = DeliveryStep.objects.filter(delivery__letter__case__in=case_ids).order_by()
    newest = steps.values_list("delivery__letter__case_id").annotate(Max("noted_at"))
    for case_id, noted_at in newest:
        yield Hold(case_id, "a step of a delivery was noted", timezone.localdate(noted_at))


@tells_holds
def replies_hold(case_ids: Collection[UUID]) -> Iterator[Hold]:
    """Replies by link that the desk has not settled, and the newest one of each case."""
    replies = Reply.objects.filter(link__letter__case__in=case_ids).order_by()
    waiting = replies.filter(state=Reply.State.WAITING)
    for case_id in waiting.values_list("link__letter__case_id", flat=True).distinct():
        yield Hold(case_id, "a reply to a letter waits for the desk")
    for case_id, sent_at in replies.values_list("link__letter__case_id").annotate(Max("sent_at")):
        yield Hold(case_id, "a reply to a letter came", timezone.localdate(sent_at))
