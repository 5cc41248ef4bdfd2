"""The only writers of audit events."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from uuid import UUID

import structlog
from django.contrib.auth.models import AnonymousUser
from django.db import DatabaseError, connection
from django.http import HttpRequest
from structlog.contextvars import get_contextvars

from kapnet.core.audit.models import Event, Outcome, OwedEvent
from kapnet.core.audit.one_clinic import note_clinic
from kapnet.core.database import note_refusal, note_write, takes_no_writes
from kapnet.core.people.models import Clinic, Membership, User

log = structlog.get_logger()

REASON_LENGTH = 200
_SO_FAR: ContextVar[int] = ContextVar("events_so_far", default=0)
_READING: ContextVar[bool] = ContextVar("is_reading", default=False)


def events_so_far() -> int:
    """How many events this thread has recorded: more than before means that one was."""
    return _SO_FAR.get()


@contextmanager
def only_reading() -> Iterator[None]:
    """Within it nothing is changed: an event that the database refuses goes to the log instead."""
    before = _READING.set(True)
    try:
        yield
    finally:
        _READING.reset(before)


def record_event(
    *,
    action: str,
    actor: User | AnonymousUser | None,
    clinic: Clinic | None,
    object_type: str,
    object_id: object = "",
    case_id: UUID | None = None,
    outcome: str = Outcome.DONE,
    reason: str = "",
) -> Event:
    """One row in one INSERT.

    action: object and verb, as "case.read". No answer, no name and no address goes into any field.
    Inside a transaction that is rolled back the event goes too: record refusals outside of one.
    Raises SecondClinicError where the transaction has an event of another clinic.
    """
    event = Event(
        action=action,
        actor=actor if isinstance(actor, User) else None,
        clinic=clinic,
        object_type=object_type,
        object_id=_storable(str(object_id)),
        case_id=case_id,
        outcome=outcome,
        reason=_storable(reason)[:REASON_LENGTH],
        reference=get_contextvars().get("reference", ""),
    )
    return _store(event)


def record_owed(owed: OwedEvent) -> Event:
    """The event that was owed, as it was then."""
    names = ("at", "actor", "clinic", "action", "object_type", "object_id", "case_id")
    said = {name: getattr(owed, name) for name in (*names, "reason", "reference")}
    return _store(Event(**said))


def _store(event: Event) -> Event:
    note_clinic(event.clinic_id)
    _SO_FAR.set(_SO_FAR.get() + 1)
    try:
        event.save(force_insert=True)
    except DatabaseError as error:
        if not _READING.get() or connection.in_atomic_block or not takes_no_writes(error):
            raise
        _log_instead(event)
        note_refusal(error)
    else:
        note_write()
    return event


def record_account_event(
    action: str,
    membership: Membership,
    actor: User | None,
    *,
    outcome: str = Outcome.DONE,
    reason: str = "",
) -> Event:
    """One event about somebody's account in a clinic."""
    return record_event(
        action=action,
        actor=actor,
        clinic=membership.clinic,
        object_type="account",
        object_id=membership.user_id,
        outcome=outcome,
        reason=reason,
    )


def _log_instead(event: Event) -> None:
    """A patient's page stays readable while nothing can be stored; that it was read is here."""
    log.error(
        "audit_event_not_stored",
        action=event.action,
        actor=event.actor_id,
        clinic=str(event.clinic_id),
        object=f"{event.object_type} {event.object_id}",
        case=str(event.case_id),
        outcome=event.outcome,
    )


def _storable(text: str) -> str:
    """Without the character that a database cannot keep: an address may name an object by it."""
    return text.replace("\x00", "")


def record_refusal(
    request: HttpRequest,
    action: str,
    object_type: str,
    object_id: object = "",
    *,
    reason: str = "",
) -> Event:
    """Someone asked for what they may not have, or for what is not there; we do not say which."""
    membership = getattr(request, "membership", None)
    user = request.user
    request.refusal_is_recorded = True  # type: ignore[attr-defined]
    return record_event(
        action=action,
        actor=user if isinstance(user, User) else None,
        clinic=membership.clinic if membership else getattr(request, "api_clinic", None),
        object_type=object_type,
        object_id=str(object_id)[:64],
        outcome=Outcome.REFUSED,
        reason=reason,
    )
