"""How often one person may take files along. Many times what a day at a clinic needs.

Two ways to count: what leaves an audit event is counted in the audit log, which all servers share
and which a download writes anyway; what leaves none is counted by allauth, in the shared cache.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from functools import wraps
from typing import Any, TypeVar, cast

import structlog
from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils import timezone

from kapnet.core.audit.actions import record_refusal
from kapnet.core.audit.queries import times_done
from kapnet.core.people.models import User
from kapnet.core.web.error_pages import too_many_requests
from kapnet.core.web.rates import is_within, rates_of

View = TypeVar("View", bound=Callable[..., HttpResponseBase])
VISITORS_READ = {"visitor.read": "60/m/ip"}
log = structlog.get_logger()


def limited(what: str, *, noted_as: tuple[str, ...] = ()) -> Callable[[View], View]:
    """A view that answers 429 once a person was over settings.LIMITS[what]; the audit log has it.

    noted_as: the actions under which the audit log has each time that it was done, where it has
    them.
    """
    is_allowed = _by_the_audit_log(what, noted_as) if noted_as else _by_the_cache(what)

    def decorate(view: View) -> View:
        @wraps(view)
        def within(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if is_allowed(request):
                return view(request, *args, **kwargs)
            tell_too_many(what)
            record_refusal(request, what, "limit", reason="too many within the time")
            return too_many_requests(request)

        return cast(View, within)

    return decorate


def _by_the_cache(what: str) -> Callable[[HttpRequest], bool]:
    return lambda request: is_within(request, what, settings.LIMITS, counts_get=True)


def _by_the_audit_log(what: str, noted_as: tuple[str, ...]) -> Callable[[HttpRequest], bool]:
    def is_fewer(request: HttpRequest) -> bool:
        rates = rates_of(what, settings.LIMITS)
        now = timezone.now()
        since = [now - timedelta(seconds=rate.seconds) for rate in rates]
        done = times_done(actor=cast(User, request.user), actions=noted_as, since=since)
        return all(times < rate.amount for times, rate in zip(done, rates, strict=True))

    return is_fewer


def is_visitor_within_limit(request: HttpRequest) -> bool:
    """Whether an address may read one more page that is open without a sign-in.

    Nothing is in the audit log: so anybody could fill it.
    """
    what = "visitor.read"
    is_fewer = is_within(request, what, VISITORS_READ, counts_get=True)
    if not is_fewer:
        tell_too_many(what)
    return is_fewer


def tell_too_many(what: str) -> None:
    """A line of the log to wake somebody with: it names no person."""
    log.warning("too_many", what=what)
