"""How long a sign-in lasts: a while without doing anything, and never longer than a working day.

Both moments stand in the session, on the server. Opening a page or saving counts as doing
something; what a page asks by itself, again and again, does not.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any, TypeVar, cast

from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.contrib.auth.models import AnonymousUser
from django.contrib.sessions.models import Session
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils import timezone

from kapnet.core.audit.actions import record_event
from kapnet.core.people.models import User

SIGNED_IN_AT, ACTED_AT = "signed_in_at", "acted_at"
NOTED_EVERY_SECONDS = 30
"""The newest act is written down this often, not with each request."""
CLOCK_LEEWAY_SECONDS = 60
"""By how much the clocks of two servers may differ, or one of them be set right."""

View = TypeVar("View", bound=Callable[..., HttpResponseBase])


@dataclass(frozen=True)
class TimeLeft:
    """Seconds until the sign-in ends. can_stay: whether doing something makes it last longer."""

    seconds: int
    can_stay: bool


def asked_by_itself(view: View) -> View:
    """A view that pages ask by htmx or by a script without anybody doing anything."""

    @wraps(view)
    def marked(*args: Any, **kwargs: Any) -> HttpResponseBase:
        return view(*args, **kwargs)

    marked.is_asked_by_itself = True  # type: ignore[attr-defined]
    return cast(View, marked)


def begin(request: HttpRequest) -> None:
    """Somebody has signed in."""
    now = timezone.now().timestamp()
    request.session[SIGNED_IN_AT] = request.session[ACTED_AT] = now


def note_act(request: HttpRequest) -> None:
    """Somebody did something just now."""
    now = timezone.now().timestamp()
    if now - request.session[ACTED_AT] >= NOTED_EVERY_SECONDS:
        request.session[ACTED_AT] = now


def time_left(request: HttpRequest) -> TimeLeft:
    """None left for a session that does not say when it began, or that began in the future.

    A clock that was a day ahead and is right again must not make a sign-in last a day longer.
    """
    now = timezone.now().timestamp()
    begun, acted = (request.session.get(name, 0) for name in (SIGNED_IN_AT, ACTED_AT))
    if max(begun, acted) > now + CLOCK_LEEWAY_SECONDS:
        return TimeLeft(seconds=0, can_stay=False)
    of_day = begun + settings.SESSION_HOURS * 3600 - now
    idle = acted + settings.SESSION_IDLE_MINUTES * 60 - now
    return TimeLeft(seconds=max(0, int(min(of_day, idle))), can_stay=idle < of_day)


def end_others(request: HttpRequest, user: User) -> None:
    """Sign this person out everywhere else."""
    end_all(user, except_for=request.session.session_key)


def end_all(user: User, *, except_for: str | None = None) -> None:
    """Sign this person out everywhere, but for one session."""
    for one in Session.objects.filter(expire_date__gt=timezone.now()):
        is_theirs = one.get_decoded().get(SESSION_KEY) == str(user.pk)
        if is_theirs and one.session_key != except_for:
            one.delete()


def end(request: HttpRequest, user: User) -> None:
    """The session expired: as if nobody were signed in, and written down."""
    can_stay = time_left(request).can_stay
    membership = getattr(user, "membership", None)
    record_event(
        action="account.session_ended",
        actor=user,
        clinic=membership.clinic if membership else None,
        object_type="account",
        object_id=user.pk,
        reason="nothing was done for a while" if can_stay else "a working day was over",
    )
    request.session.flush()
    request.user = AnonymousUser()
