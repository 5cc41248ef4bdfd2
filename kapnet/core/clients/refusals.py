"""What a program hears when something is refused or goes wrong, and how often it may call."""

from __future__ import annotations

from typing import Final

from django.core.exceptions import BadRequest, PermissionDenied, SuspiciousOperation
from django.core.signals import got_request_exception
from django.db import DatabaseError
from django.http import Http404, HttpRequest
from django.http.request import RawPostDataException
from structlog.contextvars import bound_contextvars

from kapnet.core.database import note_refusal, takes_no_writes
from kapnet.core.web.error_pages import RETRY_SECONDS
from kapnet.core.web.fhir_answers import FhirRefused
from kapnet.core.web.guidance import GuidanceUnavailable
from kapnet.core.web.rate_limits import tell_too_many
from kapnet.core.web.rates import is_within

CALLS: Final = {"api.open": "600/m/ip", "api.nobody": "120/m/ip"}
"""How often one address may read what is open, and may show no valid token."""
CALLS_A_MINUTE: Final = 600
"""How often one client may call."""


def count(request: HttpRequest, what: str) -> None:
    """Raises FhirRefused where this address came too often."""
    if not is_within(request, what, CALLS, counts_get=True):
        raise too_many(what)


def too_many(what: str) -> FhirRefused:
    """429, and a line of the log."""
    tell_too_many(what)
    return FhirRefused(429, "", "Too many calls within a minute. Wait, then go on.", retry_after=60)


def as_refused(request: HttpRequest, problem: Exception) -> FhirRefused:
    """What went wrong, for a program. What nobody expected is in the log, by its lines alone."""
    match problem:
        case FhirRefused():
            return problem
        case Http404():
            return FhirRefused(404, "", "There is nothing here that this client can see.")
        case PermissionDenied():
            return FhirRefused(403, "", "This client may not do this.")
        case GuidanceUnavailable():
            return _away("The rules cannot be used right now.")
        case BadRequest() | SuspiciousOperation() | RawPostDataException():
            return FhirRefused(400, "", "This request cannot be read.")
        case DatabaseError():
            if takes_no_writes(problem):
                note_refusal(problem)
            _tell(request)
            return _away("The database does not answer right now.")
        case _:
            _tell(request)
            return FhirRefused(
                500, "", f"Something went wrong here. Its reference: {ref(request)}."
            )


def _away(words: str) -> FhirRefused:
    return FhirRefused(503, "", f"{words} Try again.", retry_after=RETRY_SECONDS)


def _tell(request: HttpRequest) -> None:
    with bound_contextvars(reference=ref(request)):
        got_request_exception.send(sender=as_refused, request=request)


def ref(request: HttpRequest) -> str:
    """The reference under which the log has this request."""
    return str(getattr(request, "reference", ""))


def not_known(words: str) -> FhirRefused:
    """401."""
    return FhirRefused(401, "", words, headers={"WWW-Authenticate": "Bearer"})
