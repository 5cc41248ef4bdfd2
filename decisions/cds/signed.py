"""The door for record systems that sign each call themselves (CDS Hooks)."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.db import transaction
from django.http import HttpRequest, HttpResponse

from evidence.queries import release_stamp_subquery
from kapnet.core.clients.addresses import whole
from kapnet.core.clients.assertions import AssertionRefused
from kapnet.core.clients.door import View, answered, as_api, as_client, bearer
from kapnet.core.clients.refusals import count, not_known
from kapnet.core.clients.tokens import Caller, note_refused, sender_of, use_up
from kapnet.core.web.fhir_answers import JSON_TYPES

STAMP = "release_stamp"
"""Of the client of a call: the evidence of that moment, found by the same query."""


def signed_view(*, event: str) -> Callable[[View], View]:
    """A view for a call whose Authorization is an assertion for exactly the called address."""

    def decorate(view: View) -> View:
        @wraps(view)
        def opened(request: HttpRequest, **kwargs: Any) -> HttpResponse:
            def respond() -> HttpResponse:
                try:
                    return _once(request, view, event, kwargs)
                except AssertionRefused as refused:
                    count(request, "api.nobody")
                    note_refused(refused)
                    raise not_known(f"The token does not count: {refused}.") from None

            return answered(request, respond, methods=("POST",), gives=JSON_TYPES)

        return as_api(opened, "api.call", ("POST",))

    return decorate


def _once(request: HttpRequest, view: View, event: str, kwargs: dict[str, Any]) -> HttpResponse:
    """The answer to a call that was not made before. Raises AssertionRefused.

    That it was made, what it did and its event are stored together: a disk is waited for once.
    """
    also = {STAMP: release_stamp_subquery()}
    sender = sender_of(bearer(request), whole(request, request.path), also)
    with transaction.atomic():
        use_up(sender)
        return as_client(
            request,
            Caller(sender.client, frozenset()),
            view,
            scope="",
            event=event,
            about="cds",
            given=((), kwargs),
        )
