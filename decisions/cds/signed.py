"""The door for record systems that sign each call themselves (CDS Hooks)."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse

from kapnet.core.clients.addresses import whole
from kapnet.core.clients.assertions import AssertionRefused
from kapnet.core.clients.door import View, answered, as_api, as_client, bearer
from kapnet.core.clients.refusals import count, not_known
from kapnet.core.clients.tokens import Caller, note_refused, sender_of
from kapnet.core.web.fhir_answers import JSON_TYPES


def signed_view(*, event: str) -> Callable[[View], View]:
    """A view for a call whose Authorization is an assertion for exactly the called address."""

    def decorate(view: View) -> View:
        @wraps(view)
        def opened(request: HttpRequest, **kwargs: Any) -> HttpResponse:
            def respond() -> HttpResponse:
                return as_client(
                    request,
                    _sender(request),
                    view,
                    scope="",
                    event=event,
                    about="cds",
                    given=((), kwargs),
                )

            return answered(request, respond, methods=("POST",), gives=JSON_TYPES)

        return as_api(opened, "api.call", ("POST",))

    return decorate


def _sender(request: HttpRequest) -> Caller:
    """Raises FhirRefused (401)."""

    try:
        client = sender_of(bearer(request), whole(request, request.path))
    except AssertionRefused as refused:
        count(request, "api.nobody")
        note_refused(refused)
        raise not_known(f"The token does not count: {refused}.") from None
    return Caller(client, frozenset())
