"""How long a page waits for the database.

Where every commit waits for a standby and none is there, a COMMIT waits without end. It must not be
cancelled: PostgreSQL would call it done, and it could be lost. So the page stops listening and says
that nobody knows whether it was stored; the commit ends when a standby is back.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

import psycopg
from django.http import HttpRequest
from django.http.response import HttpResponseBase

PAGE_SECONDS = 20.0
"""How long a page waits for one answer of the database. Commands and jobs wait without end."""

_LONGEST: ContextVar[float | None] = ContextVar("longest_wait", default=None)


CHECK = ""
"""What the pool asks a connection before it hands it out."""


class PatientConnection(psycopg.Connection[Any]):
    """Hangs up where an answer takes longer than this page may wait, and cancels nothing.

    One that is found dead takes all that wait in the pool with it. They died by the same failure,
    and the pool would try one after the other, with pauses of 1, 2, 4 s and so on.
    """

    def execute(self, query: Any, *more: Any, **named: Any) -> psycopg.Cursor[Any]:
        try:
            return super().execute(query, *more, **named)
        except psycopg.OperationalError:
            pool = getattr(self, "_pool", None)
            if query == CHECK and pool is not None:
                pool.drain()
            raise

    def wait(self, gen: Any, interval: float = 0.1, timeout: float | None = None) -> Any:
        longest = _LONGEST.get()
        if longest is None or timeout is not None:
            return super().wait(gen, interval, timeout)
        try:
            return super().wait(gen, interval, longest)
        except psycopg.errors._WaitTimeout:
            self.pgconn.finish()
            raise psycopg.OperationalError(f"no answer within {longest:.0f} s") from None


@contextmanager
def waiting_at_most(seconds: float) -> Iterator[None]:
    """Within it, this is how long one answer of the database is waited for."""
    before = _LONGEST.set(seconds)
    try:
        yield
    finally:
        _LONGEST.reset(before)


class PatienceMiddleware:
    """Bounds the waits of each request."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        with waiting_at_most(PAGE_SECONDS):
            return self.get_response(request)
