"""Every write of the desk: keyword-only, atomic, each with one audit event."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from decisions.desk.models import Delivery, DeliveryStep, Status
from decisions.desk.steps import BEFORE_SENDING, due_after, may_follow
from decisions.letters.disclosure.actions import note_disclosure
from decisions.letters.letter_events import record_letter_event
from decisions.letters.models import Letter
from decisions.letters.queries import correction_of, revoked_consent_of
from kapnet.core.clients.models import ApiClient
from kapnet.core.people.models import User

CLOCKS_DIFFER = timedelta(minutes=5)
"""How far in the future a time may lie that somebody gives as past."""


class StepRefused(ValueError):
    """A step that cannot be taken; the message says why, what was kept and what to do."""


class SeenStale(StepRefused):
    """Somebody else changed the delivery since it was seen."""


def open_delivery(*, letter: Letter, **kwargs: Any) -> None:
    """Put a letter that was just signed on the desk. A receiver of `letter_signed`."""
    signed_on = timezone.localdate(letter.signed_at)
    Delivery.objects.create(
        letter=letter,
        clinic_id=letter.clinic_id,
        due_on=_due(Status.READY, signed_on, letter),
    )


CONSENT_REVOKED = (
    "The patient has revoked the consent that this letter rests on. Do not send it; ask the "
    "person who signed it."
)


@transaction.atomic
def take_step(
    *,
    letter: Letter,
    by: User | ApiClient,
    seen_version: int,
    status: str,
    happened_at: datetime | None = None,
    how: str = "",
    proof: str = "",
    note: str = "",
    due_on: date | None = None,
) -> Delivery:
    """Note that a letter went one step on. by: a person, or a client that says it.

    seen_version: of the delivery that the person was looking at. happened_at: now where left out.
    Raises StepRefused.
    """
    delivery = _locked(letter, seen_version)
    happened_at = happened_at or timezone.now()
    _refuse_step(delivery, letter, status, happened_at, how)
    before = delivery.status
    on = timezone.localdate(happened_at)
    delivery.status = status
    delivery.due_on = due_on or _due(status, on, letter)
    _store(delivery)
    _write_step(delivery, before, by, happened_at=happened_at, how=how, proof=proof, note=note)
    person = by if isinstance(by, User) else None
    record_letter_event(f"letter.{status}", letter, person)
    if status == Status.SENT and person and letter.emergency_disclosures.exists():
        note_disclosure(letter=letter, by=person, at=happened_at)
    return delivery


def _refuse_step(
    delivery: Delivery, letter: Letter, status: str, happened_at: datetime, how: str
) -> None:
    if not may_follow(delivery.status, status):
        words = delivery.get_status_display().lower()
        raise StepRefused(f"This letter is {words}: that step cannot follow. Nothing was noted.")
    replaced_by = correction_of(letter)
    if replaced_by and status in (Status.EXPORTED, Status.SENT):
        raise StepRefused(
            f"Letter {replaced_by.number} has replaced this one. Send that one; nothing was noted."
        )
    if status in (Status.EXPORTED, Status.SENT) and revoked_consent_of(letter):
        raise StepRefused(f"{CONSENT_REVOKED} Nothing was noted.")
    if status == Status.SENT and not how:
        raise StepRefused("Say how it was sent. Nothing was noted.")
    if happened_at > timezone.now() + CLOCKS_DIFFER:
        raise StepRefused("That time has not come yet. Nothing was noted.")
    if letter.signed_at and happened_at < letter.signed_at - CLOCKS_DIFFER:
        raise StepRefused("That time is before the letter was signed. Nothing was noted.")


@transaction.atomic
def put_right(*, letter: Letter, by: User, seen_version: int, note: str) -> Delivery:
    """Take the last step back, which was noted by mistake; it stays in the list.

    Raises StepRefused without a reason, and where there is no step to take back.
    """
    delivery = _locked(letter, seen_version)
    if not note.strip():
        raise StepRefused("Say what was wrong. Nothing was changed.")
    last = _last_step(delivery)
    if last is None:
        raise StepRefused("No step was taken yet. Nothing was changed.")
    before, delivery.status = delivery.status, last.from_status
    delivery.due_on = _due(delivery.status, timezone.localdate(), letter)
    _store(delivery)
    _write_step(delivery, before, by, note=note.strip(), is_correction=True)
    record_letter_event("letter.step_taken_back", letter, by)
    return delivery


def _last_step(delivery: Delivery) -> DeliveryStep | None:
    """The step that led to the present status, corrections undone."""
    stack: list[DeliveryStep] = []
    for step in delivery.steps.all():
        if step.is_note:
            continue
        if step.is_correction and stack:
            stack.pop()
        else:
            stack.append(step)
    return stack[-1] if stack else None


@transaction.atomic
def plan_delivery(
    *, letter: Letter, by: User, seen_version: int, assigned_to: User | None, due_on: date | None
) -> Delivery:
    """Say who sees to it and by when. Raises StepRefused."""
    delivery = _locked(letter, seen_version)
    if assigned_to and not _works_here(assigned_to, delivery):
        raise StepRefused("That person does not work in this clinic. Nothing was changed.")
    delivery.assigned_to, delivery.due_on = assigned_to, due_on
    _store(delivery)
    record_letter_event("letter.planned", letter, by)
    return delivery


def _works_here(user: User, delivery: Delivery) -> bool:
    membership = getattr(user, "membership", None)
    return bool(
        user.is_active
        and membership
        and membership.is_active
        and membership.clinic_id == delivery.clinic_id
    )


@transaction.atomic
def add_note(*, letter: Letter, by: User, note: str) -> None:
    """Say something about a letter on its way. Raises StepRefused without words."""
    if not note.strip():
        raise StepRefused("Write something first. Nothing was noted.")
    delivery = Delivery.objects.select_for_update().get(letter=letter)
    _write_step(delivery, delivery.status, by, note=note.strip())
    record_letter_event("letter.noted", letter, by)


@transaction.atomic
def note_exported(*, letter: Letter, by: User) -> None:
    """A letter was handed out as a file: noted where it was waiting, else nothing happens."""
    delivery = Delivery.objects.select_for_update().get(letter=letter)
    if delivery.status == Status.READY and correction_of(letter) is None:
        take_step(letter=letter, by=by, seen_version=delivery.version, status=Status.EXPORTED)


def _locked(letter: Letter, seen_version: int) -> Delivery:
    delivery = Delivery.objects.select_for_update().get(letter=letter)
    if delivery.version != seen_version:
        raise SeenStale(
            "Somebody else changed this letter's place since. Check it again; "
            "nothing of yours was noted."
        )
    return delivery


def _store(delivery: Delivery) -> None:
    delivery.version += 1
    delivery.save(update_fields=["status", "due_on", "assigned_to", "version"])


def _write_step(delivery: Delivery, before: str, by: User | ApiClient, **fields: Any) -> None:
    fields.setdefault("happened_at", timezone.now())
    who = {"by": by} if isinstance(by, User) else {"program": by.name}
    DeliveryStep.objects.create(
        delivery=delivery, from_status=before, to_status=delivery.status, **who, **fields
    )


def _due(status: str, on: date, letter: Letter) -> date | None:
    return due_after(
        status,
        on=on,
        reply_by=letter.reply_by if status not in BEFORE_SENDING else None,
        send_within=settings.DESK_SEND_WITHIN_DAYS,
        reply_within=settings.DESK_REPLY_WITHIN_DAYS,
    )
