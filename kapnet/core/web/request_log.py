"""One log line a request: the route's name and how it ended. Never a path, an answer or a name."""

from __future__ import annotations

import secrets
import sys
import time
import traceback
from collections.abc import Callable

import structlog
from django.core.signals import got_request_exception
from django.dispatch import receiver
from django.http import HttpRequest, HttpResponse
from structlog.contextvars import bound_contextvars

log = structlog.get_logger()

FRAMES_SHOWN = 5


class RequestLogMiddleware:
    """Gives each request a short reference, which the error pages and the audit show too."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        started = time.perf_counter()
        reference = secrets.token_hex(4)
        request.reference = reference  # type: ignore[attr-defined]
        with bound_contextvars(reference=reference):
            response = self.get_response(request)
            log.info(
                "request",
                method=request.META["REQUEST_METHOD"].upper(),
                route=route_name(request),
                status=response.status_code,
                milliseconds=round((time.perf_counter() - started) * 1000, 1),
            )
        return response


def route_name(request: HttpRequest) -> str:
    """The name of the view's route, "none" where no route fits."""
    match = request.resolver_match
    return match.view_name if match else "none"


@receiver(got_request_exception)
def log_exception(sender: object, request: HttpRequest | None = None, **kwargs: object) -> None:
    """What went wrong and in which lines. The message stays out: it may quote an answer."""
    kind, _, trace = sys.exc_info()
    frames = traceback.extract_tb(trace)[-FRAMES_SHOWN:]
    log.error(
        "exception",
        kind=kind.__name__ if kind else "unknown",
        lines=[f"{frame.filename.rpartition('/')[2]}:{frame.lineno}" for frame in frames],
        route=route_name(request) if request is not None else "none",
    )
