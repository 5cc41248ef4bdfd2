"""Every shared read of the desk."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from django.db.models import Count, F, OuterRef, Q, QuerySet
from django.utils import timezone

from decisions.desk.models import Delivery, DeliveryStep, Export, ExportItem, Status
from decisions.desk.replies.queries import waits_for_desk
from decisions.letters.finding.searching import search_signed
from decisions.letters.models import Letter
from decisions.letters.queries import (
    OF_LETTER,
    signed_letter_by_id,
    signed_letters,
    with_what_speaks_against,
)
from kapnet.core.compiled import Compiled, Given
from kapnet.core.people.models import Clinic, Role, User
from kapnet.core.people.one_place import CountOf

AS_RECORDED = tuple(
    f"decision__{name}"
    for name in ("answers", "answers_in_words", "outcome", "cited", "questioned", "reasoning")
)
"""What a decision holds whole; no list shows it."""
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


def letters_on_desk(filters: Filters, *, clinic: Clinic, today: date) -> QuerySet[Delivery, UUID]:
    """The keys of the signed letters of a clinic that fit, the first due first; those without a
    date last. Read of deliveries alone, whose index is in this order."""
    found: QuerySet[Delivery] = Delivery.objects.all()
    if filters.words:
        found = found.filter(letter__in=search_signed(filters.words, clinic.pk).values("pk"))
    if filters.status:
        found = found.filter(status=filters.status)
    elif not filters.words and not filters.has_reply:
        found = found.exclude(status=Status.DONE)
    if filters.is_overdue:
        found = found.filter(_overdue(today))
    if filters.has_reply:
        found = found.filter(waits_for_desk())
    if filters.assigned_to == NOBODY:
        found = found.filter(assigned_to__isnull=True)
    elif filters.assigned_to:
        found = found.filter(assigned_to=UUID(filters.assigned_to))
    in_turn = found.order_by(F("due_on").asc(nulls_last=True), "-signed_at")
    return in_turn.values_list("pk", flat=True)


def rows_of_desk(ids: list[UUID]) -> list[Letter]:
    """These letters in this order, with what the queue shows of each."""
    rows = with_what_speaks_against(signed_letters()).annotate(has_waiting_reply=waits_for_desk())
    rows = rows.select_related("delivery", "delivery__assigned_to").defer(*AS_RECORDED)
    found = {one.pk: one for one in rows.filter(pk__in=ids)}
    return [found[one] for one in ids if one in found]


def _overdue(today: date) -> Q:
    return Q(due_on__lt=today) & ~Q(status=Status.DONE)


def count_by_status() -> dict[str, int]:
    """How many letters in scope are in each state."""
    rows = Delivery.objects.values_list("status").annotate(count=Count("pk"))
    return dict(rows)


def count_overdue(today: date) -> int:
    """How many letters in scope wait past their day."""
    return int(Delivery.objects.filter(_overdue(today)).count())


LETTER_ON_DESK = Compiled(
    lambda: (
        with_what_speaks_against(signed_letter_by_id())
        .select_related("clinic", "case", "decision", "signed_by", "delivery__assigned_to")
        .defer("pdf", "content", *(one for one in AS_RECORDED if one != "decision__outcome"))
    )
)
"""A signed letter by its id, with what its page on the desk shows."""


def steps_of(delivery: Delivery) -> list[DeliveryStep]:
    """Every step and note, the newest first."""
    return _STEPS.rows(letter=delivery.pk)


_STEPS = Compiled(
    lambda: DeliveryStep.objects.filter(delivery=OF_LETTER).select_related("by").order_by("-pk")
)


def desk_people(clinic: Clinic) -> list[User]:
    """Whom a letter can be given to: the staff of a clinic, by name."""
    return _PEOPLE.rows(of_clinic=clinic.pk)


_PEOPLE = Compiled(
    lambda: User.objects.filter(
        is_active=True,
        membership__clinic=Given("of_clinic", Clinic._meta.get_field("id")),
        membership__is_active=True,
        membership__role=Role.STAFF,
    ).order_by("name", "email")
)


# Exports


def exports_of(clinic: Clinic) -> QuerySet[Export]:
    """The exports of a clinic, the newest first, without their files."""
    items = ExportItem.objects.filter(export=OuterRef("pk"))
    return (
        Export.objects.filter(clinic=clinic)
        .select_related("requested_by")
        .defer("file")
        .annotate(
            total=CountOf(items),
            looked_at=CountOf(items.exclude(state=ExportItem.State.WAITING)),
            left_out=CountOf(items.filter(state=ExportItem.State.LEFT_OUT)),
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
