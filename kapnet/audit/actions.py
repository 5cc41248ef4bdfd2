"""The only writers of audit events."""

from __future__ import annotations

from contextvars import ContextVar
from uuid import UUID

from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest
from structlog.contextvars import get_contextvars

from kapnet.audit.models import Event, Outcome
from kapnet.clinics.models import Clinic, User

REASON_LENGTH = 200
_SO_FAR: ContextVar[int] = ContextVar("events_so_far", default=0)


def events_so_far() -> int:
    """How many events this thread has recorded: more than before means that one was."""
    return _SO_FAR.get()


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
    """
    _SO_FAR.set(_SO_FAR.get() + 1)
    return Event.objects.create(
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
    return record_event(
        action=action,
        actor=user if isinstance(user, User) else None,
        clinic=membership.clinic if membership else None,
        object_type=object_type,
        object_id=str(object_id)[:64],
        outcome=Outcome.REFUSED,
        reason=reason,
    )
