"""What the desk does with a reply by link: confirm it, or set it aside. Each is done once."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from decisions.desk.actions import StepRefused, add_note, take_step
from decisions.desk.models import Delivery, Status
from decisions.desk.replies.models import Reply
from decisions.desk.replies.presenters import in_words
from decisions.desk.steps import BEFORE_SENDING
from decisions.letters.letter_events import record_letter_event
from decisions.letters.models import Letter
from kapnet.core.people.models import User

STEPS = {Reply.Kind.ACCEPTS: Status.ACCEPTED, Reply.Kind.DECLINES: Status.DECLINED}
"""Kind of reply -> the step that it confirms; the others are notes."""

SAID_ALREADY = {
    Status.ACCEPTED: (Status.ACCEPTED, Status.APPOINTMENT, Status.DONE),
    Status.DECLINED: (Status.DECLINED, Status.DONE),
}
"""Step -> where a letter is that has taken it: a reply that says it once more is a note."""

SETTLED = "This reply was confirmed or set aside already. Nothing of yours was noted."
SEND_FIRST = (
    "The letter is not noted as sent yet. Note first when and how it was sent, then confirm this "
    "reply; nothing was noted."
)


@transaction.atomic
def confirm_reply(
    *, letter: Letter, by: User, seen_version: int, reply_id: UUID, because: str
) -> None:
    """Stand behind a reply: from here on it is noted as one that came by fax or phone.

    because: how they know that it is from the recipient. Raises StepRefused.
    """
    reply = _waiting(letter, reply_id)
    status = Delivery.objects.get(letter=letter).status
    step = STEPS.get(Reply.Kind(reply.kind))
    if step and status in BEFORE_SENDING:
        raise StepRefused(SEND_FIRST)
    if step and status not in SAID_ALREADY[step]:
        take_step(
            letter=letter,
            by=by,
            seen_version=seen_version,
            status=step,
            happened_at=reply.sent_at,
            proof=because,
            note=in_words(reply),
            due_on=_appointment_in(reply),
        )
    else:
        add_note(letter=letter, by=by, note=f"{in_words(reply)}\n{because}")
    _settle(reply, Reply.State.CONFIRMED, by, because)
    record_letter_event("letter.reply_confirmed", letter, by, f"by the link of {letter.number}")


def _appointment_in(reply: Reply) -> date | None:
    """The day on which they see the patient; what follows from a refusal waits for no day."""
    is_visit = reply.kind == Reply.Kind.ACCEPTS
    return reply.day if is_visit and reply.day and reply.day >= timezone.localdate() else None


@transaction.atomic
def set_reply_aside(*, letter: Letter, by: User, reply_id: UUID, because: str) -> None:
    """Let a reply count for nothing; it stays to be read. Raises StepRefused."""
    reply = _waiting(letter, reply_id)
    _settle(reply, Reply.State.SET_ASIDE, by, because)
    record_letter_event("letter.reply_set_aside", letter, by, f"by the link of {letter.number}")


def _waiting(letter: Letter, reply_id: UUID) -> Reply:
    rows = Reply.objects.select_for_update().filter(link=letter.pk, pk=reply_id)
    reply: Reply | None = rows.first()
    if reply is None or not reply.is_waiting:
        raise StepRefused(SETTLED)
    return reply


def _settle(reply: Reply, state: str, by: User, because: str) -> None:
    reply.state, reply.because = state, because
    reply.settled_at, reply.settled_by = timezone.now(), by
    reply.save(update_fields=["state", "because", "settled_at", "settled_by"])
