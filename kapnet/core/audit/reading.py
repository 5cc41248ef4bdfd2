"""No request reads a case or a letter without an event, whatever its view forgets."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import nullcontext
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Model
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from kapnet.core.audit.actions import events_so_far, only_reading, record_event
from kapnet.core.audit.models import Outcome

ABOUT_A_PATIENT = ("case", "letter", "export", "consent")
"""The types of objects whose reading counts."""
SERVER_ERROR = 500
READS = ("GET", "HEAD", "OPTIONS")


@dataclass(frozen=True)
class Opened:
    """The first object about a patient that a request loaded."""

    object_type: str
    object_id: object
    case_id: UUID | None


def note_opened(request: HttpRequest, object_type: str, found: Model) -> None:
    """Remember that this request loaded an object, for the end of it."""
    if object_type not in ABOUT_A_PATIENT or hasattr(request, "opened"):
        return
    case_id = found.pk if object_type == "case" else getattr(found, "case_id", None)
    request.opened = Opened(object_type, found.pk, case_id)  # type: ignore[attr-defined]


class RecordReadsMiddleware:
    """Records a read where a request loaded something and left no event.

    So a form that comes back with a mistake in it, a conflict and a fault are in the audit log as
    well.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        with only_reading() if request.method in READS else nullcontext():
            return self._respond(request)

    def _respond(self, request: HttpRequest) -> HttpResponseBase:
        before = events_so_far()
        response = self.get_response(request)
        opened = getattr(request, "opened", None)
        if opened and events_so_far() == before:
            _record(request, opened, response.status_code)
        return response


def _record(request: HttpRequest, opened: Opened, status: int) -> None:
    membership = getattr(request, "membership", None)
    record_event(
        action=f"{opened.object_type}.read",
        actor=request.user,
        clinic=membership.clinic if membership else None,
        object_type=opened.object_type,
        object_id=opened.object_id,
        case_id=opened.case_id,
        outcome=Outcome.FAILED if status >= SERVER_ERROR else Outcome.DONE,
        reason=f"{request.method} {status}",
    )
