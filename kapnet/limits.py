"""How often one person may take files along. Many times what a day at a clinic needs."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar, cast

import structlog
from allauth.core.internal import ratelimit
from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from kapnet.audit.actions import record_refusal
from kapnet.errors import too_many_requests

View = TypeVar("View", bound=Callable[..., HttpResponseBase])
log = structlog.get_logger()


def limited(what: str) -> Callable[[View], View]:
    """A view that answers 429 once a person was over settings.LIMITS[what]; the trail has it."""

    def decorate(view: View) -> View:
        @wraps(view)
        def within(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if ratelimit.consume(
                request, app="kapnet", action=what, config=settings.LIMITS, limit_get=True
            ):
                return view(request, *args, **kwargs)
            tell_too_many(what)
            record_refusal(request, what, "limit", reason="too many within the time")
            return too_many_requests(request)

        return cast(View, within)

    return decorate


def tell_too_many(what: str) -> None:
    """A line of the log to wake somebody with: it names no person."""
    log.warning("too_many", what=what)
