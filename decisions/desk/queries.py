"""Every shared read of the desk."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from django.db.models import Count, F, Q, QuerySet
from django.utils import timezone

from decisions.desk.models import Delivery, DeliveryStep, Export, ExportItem, Status
from decisions.desk.replies.queries import waits_for_desk
from decisions.letters.models import Letter
from decisions.letters.queries import (
    search_signed,
    signed_letters,
    with_what_speaks_against,
)
from kapnet.core.people.models import Clinic, Role, User

NOBODY = "nobody"
STILL_AFTER = timedelta(minutes=1)
"""An export that has not gone on for as long waits for somebody to start it again."""


@dataclass(frozen=True)
class Filters:
    """What the queue is asked for; a blank asks nothing.

    status: one status, or blank for every letter that is not done. assigned_to: the id of a
    person, or "nobody".
    """

    words: str = ""
    status: str = ""
    assigned_to: str = ""
    is_overdue: bool = False
    has_reply: bool = False


def letters_on_desk(filters: Filters, *, clinic: Clinic, today: date) -> QuerySet[Letter]:
    """The signed letters of a clinic that fit, the first due first; those without a date last."""
    found = search_signed(filters.words, clinic.pk) if filters.words else signed_letters()
    found = found.select_related("delivery", "delivery__assigned_to")
    if filters.status:
        found = found.filter(delivery__status=filters.status)
    elif not filters.words and not filters.has_reply:
        found = found.exclude(delivery__status=Status.DONE)
    if filters.is_overdue:
        found = found.filter(_overdue(today))
    if filters.has_reply:
        found = found.filter(waits_for_desk())
    if filters.assigned_to == NOBODY:
        found = found.filter(delivery__assigned_to__isnull=True)
    elif filters.assigned_to:
        found = found.filter(delivery__assigned_to=UUID(filters.assigned_to))
    found = with_what_speaks_against(found).annotate(has_waiting_reply=waits_for_desk())
    return found.order_by(F("delivery__due_on").asc(nulls_last=True), "-signed_at")


def _overdue(today: date) -> Q:
    return Q(delivery__due_on__lt=today) & ~Q(delivery__status=Status.DONE)


def count_by_status() -> dict[str, int]:
    """How many letters in scope stand where."""
    rows = Delivery.objects.values_list("status").annotate(count=Count("pk"))
    return dict(rows)


def count_overdue(today: date) -> int:
    """How many letters in scope wait past their day."""
    return int(Delivery.objects.filter(due_on__lt=today).exclude(status=Status.DONE).count())


def steps_of(delivery: Delivery) -> QuerySet[DeliveryStep]:
    """Every step and note, the newest first."""
    return delivery.steps.select_related("by").order_by("-pk")


def desk_people(clinic: Clinic) -> QuerySet[User]:
    """Whom a letter can be given to: the staff of a clinic, by name."""
    return User.objects.filter(
        is_active=True,
        membership__clinic=clinic,
        membership__is_active=True,
        membership__role=Role.STAFF,
    ).order_by("name", "email")


# Exports


def exports_of(clinic: Clinic) -> QuerySet[Export]:
    """The exports of a clinic, the newest first, without their files."""
    return (
        Export.objects.filter(clinic=clinic)
        .select_related("requested_by")
        .defer("file")
        .annotate(
            total=Count("items"),
            looked_at=Count("items", filter=~Q(items__state=ExportItem.State.WAITING)),
            left_out=Count("items", filter=Q(items__state=ExportItem.State.LEFT_OUT)),
        )
    )


def items_left_out(export: Export) -> QuerySet[ExportItem]:
    """The letters that an export had to leave out, and why."""
    left_out = export.items.filter(state=ExportItem.State.LEFT_OUT)
    return left_out.select_related("letter").defer("letter__pdf", "letter__content")


def revoked_in(export: Export) -> QuerySet[Letter]:
    """The letters in a file whose consent was revoked since it was made."""
    revoked = Q(authorization__revoked_at__isnull=False) | Q(
        part2_consent__revoked_at__isnull=False
    )
    inside = export.items.filter(state=ExportItem.State.CHECKED).values("letter_id")
    found = Letter.objects.filter(revoked, pk__in=inside).defer("pdf", "content")
    return found.order_by("year", "sequence")


def stands_still(export: Export) -> bool:
    """Whether an export that is not ready has not gone on for a while."""
    waited = timezone.now() - export.moved_at
    return export.state == Export.State.RUNNING and waited > STILL_AFTER


def letters_among(ids: list[UUID]) -> list[Letter]:
    """Those of these letters that are signed and in scope, in the order given."""
    found = {one.pk: one for one in signed_letters().filter(pk__in=ids)}
    return [found[one] for one in ids if one in found]
