"""`POST /oauth/token`: a signed assertion for a token of five minutes (SMART backend services)."""

from __future__ import annotations

from django.core.exceptions import SuspiciousOperation
from django.http import HttpRequest, HttpResponse

from kapnet.core.audit.actions import record_event
from kapnet.core.audit.models import Outcome
from kapnet.core.clients.addresses import called_address as called_address
from kapnet.core.clients.assertions import AssertionRefused
from kapnet.core.clients.bodies import LONGEST_BODY
from kapnet.core.clients.door import as_api
from kapnet.core.clients.models import ApiClient
from kapnet.core.clients.refusals import as_refused, count
from kapnet.core.clients.tokens import (
    TOKEN_SECONDS,
    Issued,
    ScopeRefused,
    backend_of,
    issue,
    note_refused,
)
from kapnet.core.people.at_clinic import at_clinic
from kapnet.core.web.fhir_answers import json_answer

FORM = "application/x-www-form-urlencoded"
BY_JWT = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
SAID = {
    "invalid_request": "Send grant_type, scope, client_assertion_type and client_assertion once"
    f" each, as {FORM}.",
    "unsupported_grant_type": "grant_type has to be client_credentials.",
    "invalid_scope": "The client may not do all that scope asks for, or scope is empty.",
    "invalid_client": "The client assertion does not count",
}


class TokenRefused(Exception):
    """No token. error: a code of RFC 6749."""

    def __init__(self, error: str, words: str = "") -> None:
        super().__init__(error)
        self.error = error
        self.words = words or SAID[error]

    def answer(self) -> HttpResponse:
        """The error as OAuth has it."""
        status = 401 if self.error == "invalid_client" else 400
        return json_answer({"error": self.error, "error_description": self.words}, status)


def token(request: HttpRequest) -> HttpResponse:
    """A token, or an error as OAuth has it."""
    if request.method != "POST":
        return json_answer({"error": "invalid_request"}, 405, Allow="POST")
    try:
        count(request, "api.nobody")
        issued = _issued(request)
    except TokenRefused as refused:
        return refused.answer()
    except Exception as problem:
        refused_otherwise = as_refused(request, problem)
        answer = refused_otherwise.answer()
        error = _OTHERWISE.get(answer.status_code, "server_error")
        body = {"error": error, "error_description": refused_otherwise.diagnostics}
        answer.content = json_answer(body).content
        answer["Content-Type"] = "application/json"
        return answer
    return json_answer(
        {
            "access_token": issued.text,
            "token_type": "bearer",
            "expires_in": TOKEN_SECONDS,
            "scope": " ".join(issued.scopes),
        },
        Pragma="no-cache",
    )


_OTHERWISE = {
    400: "invalid_request",
    429: "temporarily_unavailable",
    503: "temporarily_unavailable",
}


def _issued(request: HttpRequest) -> Issued:
    said = _read_form(request)
    if said["grant_type"] != "client_credentials":
        raise TokenRefused("unsupported_grant_type")
    if said["client_assertion_type"] != BY_JWT:
        raise TokenRefused("invalid_request", f"client_assertion_type has to be {BY_JWT}.")
    try:
        client = backend_of(said["client_assertion"], called_address(request, "oauth_token"))
    except AssertionRefused as refused:
        note_refused(refused)
        raise TokenRefused("invalid_client", f"{SAID['invalid_client']}: {refused}.") from None
    return _given(client, said["scope"].split())


def _given(client: ApiClient, asked: list[str]) -> Issued:
    with at_clinic(client.clinic):
        try:
            issued = issue(client, asked)
        except ScopeRefused:
            _record(client, outcome=Outcome.REFUSED, reason="more than it may")
            raise TokenRefused("invalid_scope") from None
        _record(client, outcome=Outcome.DONE, reason=" ".join(issued.scopes))
    return issued


def _read_form(request: HttpRequest) -> dict[str, str]:
    """Each member once: two readers could take another one of two."""
    names = ("grant_type", "scope", "client_assertion_type", "client_assertion")
    try:
        if request.content_type != FORM or len(request.body) > LONGEST_BODY:
            raise TokenRefused("invalid_request")
        sent = {name: request.POST.getlist(name) for name in names}
    except SuspiciousOperation:
        raise TokenRefused("invalid_request") from None
    if not all(len(values) == 1 for name, values in sent.items() if name != "scope"):
        raise TokenRefused("invalid_request")
    if len(sent["scope"]) > 1:
        raise TokenRefused("invalid_request")
    return {name: values[0] if values else "" for name, values in sent.items()}


def _record(client: ApiClient, *, outcome: str, reason: str) -> None:
    record_event(
        action="client.token",
        actor=None,
        clinic=client.clinic,
        object_type="client",
        object_id=client.pk,
        outcome=outcome,
        reason=reason,
    )


oauth_token = as_api(token, "api.call", ("POST",))
