"""The pages shown when something does not work, each with a reference that the log has too."""

from __future__ import annotations

import sys
from collections.abc import Callable

from django.conf import settings
from django.core.exceptions import BadRequest, SuspiciousOperation
from django.db import DatabaseError
from django.http import Http404, HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from django.shortcuts import render
from django.template.loader import render_to_string
from django.templatetags.static import static

from kapnet.core.database import note_refusal, takes_no_writes
from kapnet.core.encryption.keys import DataKeyProblem, UnreadableError
from kapnet.core.web.fhir_answers import FhirRefused, is_for_programs
from kapnet.core.web.guidance import GuidanceUnavailable
from kapnet.core.web.posted_fields import posted_fields

RETRY_SECONDS = 30
STYLE = "build/kapnet.css"
SAID = {
    400: "This request cannot be read.",
    403: "This is not for who asks.",
    404: "There is nothing at this address.",
    413: "The body is too long.",
    500: "Something went wrong here.",
    503: "This does not work right now. Try again.",
}
"""What a program reads in place of a page."""


class ErrorPagesMiddleware:
    """Shows the same pages with DEBUG on, where Django would list addresses and settings."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        no_route = response.status_code == 404 and request.resolver_match is None
        return page_not_found(request) if settings.DEBUG and no_route else response

    def process_exception(self, request: HttpRequest, problem: Exception) -> HttpResponse | None:
        """The 404 or 400 page for what a view raised."""
        if isinstance(problem, Http404):
            return page_not_found(request)
        if isinstance(problem, BadRequest | SuspiciousOperation):
            return bad_request(request)
        return None


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """400: nothing can be made of the request, perhaps not even its host."""
    return _bare_page(request, "400.html", status=400)


def request_too_large(request: HttpRequest) -> HttpResponse:
    """413: longer than any page takes; nothing of it was read, and the connection ends."""
    response = _bare_page(request, "413.html", status=413)
    response["Connection"] = "close"
    return response


def permission_denied(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """403: signed in, but not for this."""
    return _page(request, "403.html", status=403)


def page_not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """404: not there, or another clinic's."""
    return _page(request, "404.html", status=404)


def server_error(request: HttpRequest) -> HttpResponse:
    """500, or 503 while the database or the rules are away. Needs neither itself.

    Where a patient cannot be read because a key is missing, the page says so: trying again is no
    help.
    """
    problem = sys.exc_info()[1]
    if isinstance(problem, DataKeyProblem | UnreadableError):
        return _bare_page(request, "500_unreadable.html", status=500)
    if isinstance(problem, GuidanceUnavailable):
        return _bare_page(request, "guidance_unavailable.html", status=503)
    if isinstance(problem, DatabaseError):
        return database_unavailable(request, problem)
    return _bare_page(request, "500.html", status=500)


def database_unavailable(request: HttpRequest, problem: DatabaseError) -> HttpResponse:
    """503: the database is away, or takes no changes. What was typed is on the page."""
    is_refused = takes_no_writes(problem)
    if is_refused:
        note_refusal(problem)
    context: dict[str, object] = {"is_refused": is_refused}
    if request.method == "POST":
        context |= {
            "is_change": True,
            "fields": posted_fields(request),
            "files": bool(request.FILES),
            "path": request.get_full_path(),
            "csrf_token": get_token(request),
        }
    response = _bare_page(request, "503.html", status=503, **context)
    response["Retry-After"] = str(RETRY_SECONDS)
    return response


def too_many_requests(request: HttpRequest) -> HttpResponse:
    """429: more often than anybody needs, within a short time."""
    context = {**_reference(request), "is_signed_in": True}
    response = render(request, "429.html", context, status=429)
    response["Retry-After"] = "60"
    return response


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """403: the page was older than the sign-in. A page's own script may send again by the header.

    Only a page of this site can read the header, so it gives nothing away to another one.
    """
    response = render(request, "403_csrf.html", _reference(request), status=403)
    response["X-CSRFToken"] = get_token(request)
    return response


def _page(request: HttpRequest, template: str, *, status: int) -> HttpResponse:
    if is_for_programs(request):
        return _for_a_program(request, status)
    return render(request, template, _reference(request), status=status)


def _for_a_program(request: HttpRequest, status: int) -> HttpResponse:
    reference = _reference(request)["reference"]
    return FhirRefused(status, "", f"{SAID[status]} Its reference: {reference}.").answer()


def _bare_page(request: HttpRequest, template: str, *, status: int, **more: object) -> HttpResponse:
    if is_for_programs(request):
        return _for_a_program(request, status)
    is_named = not getattr(request, "is_secret_page", False)  # somebody may look over a shoulder
    context = {
        "product_name": settings.PRODUCT_NAME if is_named else "",
        "is_demo": settings.DEMO,
        "crisis_line": settings.CRISIS_LINE,
        "style": _style(),
        **_reference(request),
        **more,
    }
    return HttpResponse(render_to_string(template, context), status=status)


def _style() -> str:
    """The address of the style sheet; where none was collected, the one without its digest."""
    try:
        return static(STYLE)
    except ValueError:
        return f"{settings.STATIC_URL}{STYLE}"


def _reference(request: HttpRequest) -> dict[str, str]:
    return {"reference": getattr(request, "reference", "")}
