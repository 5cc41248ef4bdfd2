"""Who asks, for which clinic; and nothing behind the sign-in is kept by a cache."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import nullcontext
from typing import Any
from urllib.parse import urlsplit

from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.contrib.sessions.middleware import SessionMiddleware
from django.db import DatabaseError, OperationalError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import render, resolve_url
from django.urls import reverse
from django.utils.cache import add_never_cache_headers
from django.utils.deprecation import MiddlewareMixin
from django_htmx.http import HttpResponseClientRedirect

from kapnet.core.accounts import sessions
from kapnet.core.accounts.policies import is_opened_by, place_of, role_of_user
from kapnet.core.accounts.resume import keep_post, remember_person
from kapnet.core.accounts.second_factor import is_missing_for
from kapnet.core.database import note_refusal, takes_no_writes
from kapnet.core.notices.therapists import announce_therapists
from kapnet.core.once import nothing_changes
from kapnet.core.patience import waiting_at_most
from kapnet.core.people.at_clinic import at_clinic
from kapnet.core.people.models import Membership, Role, User

GetResponse = Callable[[HttpRequest], HttpResponse]
READS = ("GET", "HEAD", "OPTIONS")
OK = 200
NOTED_WITHIN_SECONDS = 2.0
"""How long a page that was read waits until the session's newest act is stored."""


class ReadableSessionMiddleware(SessionMiddleware):
    """A page that was read is shown even if the session's newest act cannot be written down."""

    def process_response(self, request: HttpRequest, response: HttpResponse) -> HttpResponse:
        """Only that somebody did something is lost: without it the sign-in ends sooner."""
        if getattr(request, "is_without_body", False):
            request.session.modified = False
        is_read = request.method in READS
        is_shown = is_read and response.status_code == OK
        patience = waiting_at_most(NOTED_WITHIN_SECONDS) if is_shown else nullcontext()
        try:
            with patience:
                return super().process_response(request, response)
        except DatabaseError as error:
            if is_read and takes_no_writes(error):
                note_refusal(error)
            elif not (is_shown and isinstance(error, OperationalError)):
                raise
        return response


class ClinicScopeMiddleware:
    """Sets `request.membership` and `request.role`; scopes every query to the clinic.

    Without an active membership no scope is open, and a scoped manager refuses to answer.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        membership = membership_of(request)
        if membership is not None and membership.role == Role.THERAPIST:
            _announce(membership)
        request.membership = membership  # type: ignore[attr-defined]
        request.role = role_of(request)  # type: ignore[attr-defined]
        response = self._respond(request, membership)
        remember_person(request, response)
        return response

    def _respond(self, request: HttpRequest, membership: Membership | None) -> HttpResponse:
        if membership is None:
            return self.get_response(request)
        reading = nothing_changes() if request.method in READS else nullcontext()
        with at_clinic(membership.clinic), reading:
            return self.get_response(request)


def _announce(membership: Membership) -> None:
    """Nobody reads a case before the clinic was told of them, however they became a therapist."""
    if membership.announced_at is None:
        announce_therapists(membership.clinic, actor=None)


def membership_of(request: HttpRequest) -> Membership | None:
    """The membership that counts for who asks."""
    return place_of(request.user) if isinstance(request.user, User) else None


def role_of(request: HttpRequest) -> str | None:
    """The one role of whoever asks; None for a visitor and for someone without a clinic."""
    return role_of_user(request.user) if isinstance(request.user, User) else None


class SessionLimitsMiddleware(MiddlewareMixin):
    """Ends a session that expired, before anything is asked; notes what people do."""

    def process_request(self, request: HttpRequest) -> None:
        """Somebody whose time is over is nobody from here on."""
        user = request.user
        if isinstance(user, User) and not sessions.time_left(request).seconds:
            sessions.end(request, user)

    def process_view(
        self, request: HttpRequest, view: Callable[..., HttpResponseBase], *places: object
    ) -> None:
        """What a page asks by itself is nobody's act."""
        is_quiet = getattr(view, "is_asked_by_itself", False) and request.method in READS
        if request.user.is_authenticated and not is_quiet:
            sessions.note_act(request)


class SignInRequiredMiddleware(LoginRequiredMiddleware):
    """Every page asks for sign-in unless it says otherwise, and no answer is lost on the way."""

    def process_view(self, request: HttpRequest, view_func: Any, *rest: Any) -> Any:
        """A setting opens some pages that show nothing of a clinic."""
        if is_opened_by(view_func):
            return None
        return super().process_view(request, view_func, *rest)

    def handle_no_permission(  # type: ignore[override]
        self, request: HttpRequest, view_func: Callable[..., HttpResponseBase]
    ) -> HttpResponse:
        """htmx read: go to sign-in. htmx save: 401 and a notice. Form post: kept until sign-in."""
        if getattr(request, "htmx", False):
            return self._answer_htmx(request)
        if request.method in READS:
            return super().handle_no_permission(request, view_func)
        return HttpResponseRedirect(self._sign_in(keep_post(request)))

    def _answer_htmx(self, request: HttpRequest) -> HttpResponse:
        page = urlsplit(request.headers.get("HX-Current-URL", "")).path or "/"
        sign_in = self._sign_in(page)
        if request.method in READS:
            return HttpResponseClientRedirect(sign_in)
        context = {"sign_in_url": sign_in}
        return render(request, "components/_signed_out.html", context, status=401)

    def _sign_in(self, next_path: str) -> str:
        query = QueryDict(mutable=True)
        query["next"] = next_path
        return f"{resolve_url('account_login')}?{query.urlencode(safe='/')}"


class SecondFactorMiddleware(MiddlewareMixin):
    """Leads whoever must have a second factor to set it up; nothing else opens before."""

    def process_view(
        self, request: HttpRequest, view: Callable[..., HttpResponseBase], *places: object
    ) -> HttpResponse | None:
        """The admin names no action and stays closed as well."""
        if not is_missing_for(request, getattr(view, "policy", "")):
            return None
        address = reverse("mfa_index")
        if getattr(request, "htmx", False):
            return HttpResponseClientRedirect(address)
        return HttpResponseRedirect(address)


class NoStoreMiddleware(MiddlewareMixin):
    """`Cache-Control: no-store` on every response but those that say that they are public."""

    def process_response(self, request: HttpRequest, response: HttpResponse) -> HttpResponse:
        """Static files never come here: WhiteNoise answers them before."""
        if "public" not in response.get("Cache-Control", ""):
            add_never_cache_headers(response)
        return response
