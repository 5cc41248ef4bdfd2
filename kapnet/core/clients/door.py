"""The door for programs: who calls, what it may do, and how it hears of what went wrong.

A view behind it runs in the scope of the client's clinic, with nobody signed in, whatever cookies
came along. Each call leaves one event, which names the client.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import wraps
from http import HTTPStatus
from typing import Any, Final, Protocol, cast

from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from structlog.contextvars import bound_contextvars

from kapnet.core.audit.actions import record_event
from kapnet.core.audit.models import Outcome
from kapnet.core.clients import refusals
from kapnet.core.clients.bodies import read_json as read_json
from kapnet.core.clients.models import ApiClient
from kapnet.core.clients.refusals import as_refused, count, not_known, ref, too_many
from kapnet.core.clients.scopes import allows, read_scope
from kapnet.core.clients.tokens import Caller, caller_of, count_call
from kapnet.core.people.at_clinic import at_clinic
from kapnet.core.people.models import Clinic
from kapnet.core.web.fhir_answers import JSON_TYPES, FhirRefused

METHODS: Final = {"c": "POST", "r": "GET", "u": "PUT", "d": "DELETE", "s": "GET"}
ALSO_JSON: Final = ("json", *JSON_TYPES)
OBJECT_ID = re.compile(r"[A-Za-z0-9.-]{1,64}")
"""What is an id. Other words of an address may name a person, and stay out of the audit log."""


class ApiRequest(HttpRequest):
    """A request of a client: `api_view` has seen to it."""

    api_client: ApiClient
    api_clinic: Clinic
    api_scopes: frozenset[str]
    reference: str


class View(Protocol):
    """A view that answers a program."""

    def __call__(self, request: Any, *args: Any, **kwargs: Any) -> HttpResponse: ...


# The two doors


def api_view(
    scope: str,
    *,
    event: str = "fhir.read",
    methods: tuple[str, ...] = (),
    gives: tuple[str, ...] = JSON_TYPES,
) -> Callable[[View], View]:
    """A view for clients whose token has this scope.

    methods: those of the letters of the scope, where it names none: c POST, r and s GET, u PUT.
    gives: media types of which the client has to accept one.
    """
    allowed = methods or tuple(dict.fromkeys(METHODS[one] for one in read_scope(scope).letters))

    def decorate(view: View) -> View:
        @wraps(view)
        def opened(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            return answered(
                request,
                lambda: _with_token(request, view, scope, event, (args, kwargs)),
                methods=allowed,
                gives=gives,
            )

        return as_api(opened, "api.call", allowed)

    return decorate


def open_api_view(
    view: View | None = None,
    *,
    methods: tuple[str, ...] = ("GET",),
    gives: tuple[str, ...] = JSON_TYPES,
) -> Any:
    """A view for every program: it shows nothing of a clinic, and leaves no event."""

    def decorate(view: View) -> View:
        @wraps(view)
        def opened(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            def respond() -> HttpResponse:
                count(request, "api.open")
                return view(request, *args, **kwargs)

            return answered(request, respond, methods=methods, gives=gives)

        return as_api(opened, "api.open", methods)

    return decorate if view is None else decorate(view)


def by_method(**views: View) -> View:
    """One address with a view for each method: by_method(GET=search, POST=create)."""

    def chosen(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        view = views.get(request.method or "")
        if view is None:
            return _not_allowed(tuple(views)).answer()
        return view(request, *args, **kwargs)

    policies = {getattr(one, "policy", "") for one in views.values()}
    return as_api(chosen, "api.open" if policies == {"api.open"} else "api.call", tuple(views))


def as_api(view: View, policy: str, methods: tuple[str, ...]) -> View:
    """Without sign-in and without a token of a form: no cookie opens anything here."""
    marked: Any = csrf_exempt(login_not_required(cast(Any, view)))
    marked.policy = policy
    marked.methods = methods
    return cast(View, marked)


# What each call passes


def answered(
    request: HttpRequest,
    respond: Callable[[], HttpResponse],
    *,
    methods: tuple[str, ...],
    gives: tuple[str, ...],
) -> HttpResponse:
    """The answer, or the refusal as an OperationOutcome."""
    _be_nobody(request)
    try:
        if request.method not in methods:
            raise _not_allowed(methods)
        _check_accepted(request, gives)
        return respond()
    except Exception as problem:
        return as_refused(request, problem).answer()


def _be_nobody(request: HttpRequest) -> None:
    """Whoever is signed in in this browser is not who calls."""
    request.user = AnonymousUser()
    request.membership = request.role = None  # type: ignore[attr-defined]


def _not_allowed(methods: tuple[str, ...]) -> FhirRefused:
    allowed = ", ".join(methods)
    return FhirRefused(405, "", f"This address takes {allowed}.", headers={"Allow": allowed})


def _check_accepted(request: HttpRequest, gives: tuple[str, ...]) -> None:
    form = request.GET.get("_format", "").replace(" ", "+").partition(";")[0].lower()
    asked_for = form in (*ALSO_JSON, *gives) if form else _accepts(request, gives)
    if not asked_for:
        raise FhirRefused(406, "", f"This address answers as {gives[0]}. XML is not offered.")


def _accepts(request: HttpRequest, gives: tuple[str, ...]) -> bool:
    """By type alone: programs of FHIR add fhirVersion and charset to it."""
    if not request.headers.get("Accept", "").strip():
        return True
    asked = {(one.main_type, one.sub_type) for one in request.accepted_types if one.quality > 0}
    named = {tuple(one.split("/")) for one in gives}
    return bool(asked & (named | {(main, "*") for main, _ in named} | {("*", "*")}))


# With a token


def _with_token(
    request: HttpRequest, view: View, scope: str, event: str, given: tuple[Any, Any]
) -> HttpResponse:
    caller = token_caller(request)
    return as_client(
        request, caller, view, scope=scope, event=event, about=read_scope(scope).type, given=given
    )


def token_caller(request: HttpRequest) -> Caller:
    """Who holds the token of the request. Raises FhirRefused."""
    caller = caller_of(bearer(request))
    if caller is None:
        count(request, "api.nobody")
        raise not_known("This token is not known, or has ended. Ask for another one.")
    return caller


def bearer(request: HttpRequest) -> str:
    """What the request shows. Raises FhirRefused where it shows nothing."""
    kind, _, shown = request.headers.get("Authorization", "").partition(" ")
    if kind.lower() != "bearer" or not shown.strip():
        raise not_known("Show a token: Authorization: Bearer ...")
    return shown.strip()


def as_client(
    request: HttpRequest,
    caller: Caller,
    view: View,
    *,
    scope: str,
    event: str,
    about: str,
    given: tuple[Any, Any],
) -> HttpResponse:
    """The view, in the clinic of the client, and its event. scope: empty where none is needed."""
    client = caller.client
    request.api_client, request.api_clinic = client, client.clinic  # type: ignore[attr-defined]
    request.api_scopes = caller.scopes  # type: ignore[attr-defined]
    with at_clinic(client.clinic), bound_contextvars(reference=client.reference):
        try:
            if count_call(client) > refusals.CALLS_A_MINUTE:
                raise too_many("api.call")
            _check_scope(caller, scope)
            answer = view(request, *given[0], **given[1])
        except Exception as problem:
            answer = as_refused(request, problem).answer()
        if not getattr(request, "refusal_is_recorded", False):
            _record(request, event, about, scope, answer.status_code)
        return answer


def _check_scope(caller: Caller, scope: str) -> None:
    """What the token was given for, and what the client still has."""
    if scope and not (allows(caller.scopes, scope) and allows(caller.client.scopes, scope)):
        raise FhirRefused(
            403,
            "",
            f"This token is not for {scope}. Ask for a token with it; a manager gives the right.",
        )


def note_about(
    request: HttpRequest, object_type: str, object_id: object, case_id: object = None
) -> None:
    """Say what the call is about, for its event: ("case", case.pk, case.pk)."""
    request.api_about = (object_type, object_id, case_id)  # type: ignore[attr-defined]


def _outcome_of(status: int) -> Outcome:
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        return Outcome.FAILED
    return Outcome.REFUSED if status >= HTTPStatus.BAD_REQUEST else Outcome.DONE


def _record(request: HttpRequest, event: str, about: str, scope: str, status: int) -> None:
    opened = getattr(request, "opened", None)
    seen = (opened.object_type, opened.object_id, opened.case_id) if opened else (about, "", None)
    kind, key, case_id = getattr(request, "api_about", seen)
    said = str(key)
    outcome = _outcome_of(status)
    record_event(
        action=event,
        actor=None,
        clinic=request.api_clinic,  # type: ignore[attr-defined]
        object_type=kind,
        object_id=said if OBJECT_ID.fullmatch(said) else "",
        case_id=case_id,
        outcome=outcome,
        reason=" ".join(filter(None, (scope, str(status), f"request {ref(request)}"))),
    )
