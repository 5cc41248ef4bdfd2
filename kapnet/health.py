"""For whoever watches the server: /healthz, the process lives; /readyz, it can serve pages.

Answered before everything else: no session, no host name, no log line, and no word about versions.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.http.response import HttpResponseBase

from decisions.rules.loading import has_changed_since_loaded, load_edition
from evidence.queries import current_evidence
from kapnet.core.background.jobs import do_jobs_wait, is_worker_away
from kapnet.core.database import are_writes_refused
from kapnet.core.encryption.keys import DataKeyProblem
from kapnet.core.encryption.rotation import keys_fit
from kapnet.core.nodes import CHANGES_ARE_REFUSED, fault_of_node
from kapnet.ready import is_migrated

GUARDED = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
}
"""What the middleware behind this one gives every other answer."""
PLAIN = "text/plain; charset=utf-8"
UNAVAILABLE = 503


class HealthMiddleware:
    """Answers the two addresses, and hands everything else on."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        answer = ANSWERS.get(request.path)
        if answer is None:
            return self.get_response(request)
        if request.method != "GET":
            return HttpResponseNotAllowed(["GET", "HEAD"], headers=GUARDED)
        return answer()


def alive() -> HttpResponse:
    """200 while the process answers, whatever the database does."""
    return _say("alive")


def ready() -> HttpResponse:
    """200 when the database answers, is up to date and fits the keys, and the rules are loaded.

    Says "degraded" and why where pages can be served, but not all is well.
    """
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
        if not is_migrated():
            return _say("not ready: the database is not up to date", UNAVAILABLE)
        if not _keys_fit():
            return _say("not ready: the data keys do not fit the database", UNAVAILABLE)
        load_edition()
        current_evidence()
        fault = _fault()
    except DataKeyProblem:
        return _say("not ready: there is no data key that can be used", UNAVAILABLE)
    except DatabaseError:
        return _say("not ready: the database does not answer", UNAVAILABLE)
    except Exception:
        return _say("not ready: edition or evidence cannot be loaded", UNAVAILABLE)
    return _say(f"degraded: {fault}" if fault else "ready")


def _fault() -> str:
    """What does not keep pages from being served, and has to be fixed all the same."""
    if has_changed_since_loaded():
        return "the files of the edition have changed; the one read at the start is in use"
    if are_writes_refused():
        return CHANGES_ARE_REFUSED
    if fault := fault_of_node():
        return fault
    if is_worker_away():
        return "no worker runs; mail and files of letters wait"
    if do_jobs_wait():
        return "jobs have waited for minutes; the worker does not keep up"
    return ""


ANSWERS: Mapping[str, Callable[[], HttpResponse]] = {"/healthz": alive, "/readyz": ready}


_did_fit = False


def _keys_fit() -> bool:
    """Asked until it is so: the keys of a process that runs stay the same."""
    global _did_fit
    _did_fit = _did_fit or keys_fit()
    return _did_fit


def _say(what: str, status: int = 200) -> HttpResponse:
    said = f"{what}\n".encode()
    # Nothing above adds it: it is the same for GET and HEAD.
    headers = {**GUARDED, "Content-Length": str(len(said))}
    return HttpResponse(said, status=status, content_type=PLAIN, headers=headers)
