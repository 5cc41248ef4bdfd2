"""Pages that may be some seconds old are read from a standby, where an installation names one.

Evidence, guide and audit log are marked so. Their page says how old it is. Nothing is written
there, and what a page asks of people, sessions and patients goes to the primary. Somebody who wrote
something reads the primary until every standby that is used has it. A standby that is away or
behind is not used, and nobody notices.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import wraps
from typing import Any, TypeVar

from django.conf import settings
from django.db import DEFAULT_DB_ALIAS, OperationalError, connections
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils import timezone

from kapnet.core.once import nothing_changes
from kapnet.core.patience import waiting_at_most

ALIAS = "standby"
OLDEST = timedelta(seconds=60)
"""How far behind the primary a standby may be that is read from."""

ASKED_AGAIN_SECONDS = 10.0
"""How long one that did not answer is left alone."""
ANSWERS_SECONDS = 2.0
"""How long it is waited for: one that hangs is left alone as well."""

READ_THERE = frozenset({"evidence", "audit"})
"""The apps whose rows a marked page reads there; all other rows have to be the newest."""

WROTE = f"{settings.HOST_PREFIX}wrote"
"""The cookie of somebody who wrote something a short while ago."""

# When the primary has had nothing to commit for long, nobody can tell whether this one is cut off.
# It is not used then: an idle primary has time to be read.
ASK = """SELECT pg_is_in_recovery(),
    EXTRACT(EPOCH FROM clock_timestamp() - pg_last_xact_replay_timestamp())::float
"""
SAFE = ("GET", "HEAD", "OPTIONS")

View = TypeVar("View", bound=Callable[..., HttpResponseBase])

_as_of: ContextVar[datetime | None] = ContextVar("as_of", default=None)
_asked_again_at = 0.0


class StandbyRouter:
    """Sends a read of a marked page to the standby, and all else to the primary."""

    def db_for_read(self, model: Any, **hints: Any) -> str:
        reads_there = _as_of.get() is not None and model._meta.app_label in READ_THERE
        return ALIAS if reads_there else DEFAULT_DB_ALIAS

    def db_for_write(self, model: Any, **hints: Any) -> str:
        return DEFAULT_DB_ALIAS

    def allow_relation(self, one: Any, other: Any, **hints: Any) -> bool:
        return True  # two copies of the same rows

    def allow_migrate(self, db: str, app_label: str, **hints: Any) -> bool:
        return db == DEFAULT_DB_ALIAS


@dataclass(frozen=True)
class Age:
    """How old a page is: what was committed after this moment may be missing."""

    at: datetime
    seconds: int


def age() -> Age | None:
    """Of the page that is being made; None where it shows the newest."""
    at = _as_of.get()
    return Age(at, round((timezone.now() - at).total_seconds())) if at else None


def may_read_standby(view: View) -> View:
    """Mark a view whose page may be some seconds old."""

    @wraps(view)
    def shown(request: HttpRequest, *places: Any, **named: Any) -> HttpResponseBase:
        at = moment_of_standby() if _may(request) else None
        if at is None:
            return view(request, *places, **named)
        before = _as_of.set(at)
        try:
            return view(request, *places, **named)
        except OperationalError:  # it went away meanwhile, or ended a query that was in its way
            if not connections[ALIAS].errors_occurred:
                raise  # the primary's: again it would fail again, and write again
            _leave_alone()
        finally:
            _as_of.reset(before)
        with nothing_changes():  # what was read there is asked again
            return view(request, *places, **named)

    return shown  # type: ignore[return-value]


def _may(request: HttpRequest) -> bool:
    return ALIAS in connections.settings and request.method in SAFE and WROTE not in request.COOKIES


def moment_of_standby() -> datetime | None:
    """The moment up to which the standby has everything; None where it cannot be used."""
    if time.monotonic() < _asked_again_at:
        return None
    try:
        with waiting_at_most(ANSWERS_SECONDS), connections[ALIAS].cursor() as cursor:
            cursor.execute(ASK)
            behind = behind_by(*cursor.fetchone())
    except OperationalError:
        _leave_alone()
        return None
    return None if behind is None else timezone.now() - behind


def behind_by(is_standby: bool, seconds: float | None) -> timedelta | None:
    """How far behind it is by its own clock; None where it is no standby, or not to be used.

    The clocks of two machines can differ: it is never ahead.
    """
    if not is_standby or seconds is None or seconds > OLDEST.total_seconds():
        return None
    return timedelta(seconds=max(seconds, 0.0))


def _leave_alone() -> None:
    global _asked_again_at
    _asked_again_at = time.monotonic() + ASKED_AGAIN_SECONDS
    connections[ALIAS].close()


class NoteWritesMiddleware:
    """Lets whoever wrote something read it, too. Part of an installation that names a standby."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        if request.method not in SAFE:
            response.set_cookie(
                WROTE,
                "1",
                max_age=OLDEST,
                secure=settings.SESSION_COOKIE_SECURE,
                httponly=True,
                samesite="Lax",
            )
        return response
