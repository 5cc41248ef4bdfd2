"""Pages that somebody without an account opens by an address that only they were given.

The address is the key: the database keeps its hash alone, and no page says whether it is one of
ours. Whoever is right holds a cookie from then on, so that the secret is in no further address.
"""

from __future__ import annotations

import hashlib
import secrets
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from hmac import compare_digest
from http import HTTPStatus
from typing import Any, NamedTuple, TypeVar, cast

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.middleware.csrf import CsrfViewMiddleware
from django.shortcuts import render
from django.utils.decorators import decorator_from_middleware
from django.views.decorators.csrf import csrf_exempt

from kapnet.core.web import rates
from kapnet.core.web.rate_limits import tell_too_many
from kapnet.core.web.statuses import TOO_MANY

View = TypeVar("View", bound=Callable[..., HttpResponseBase])

SECRET_BYTES = 32
EVERYBODY = "everybody"
"""Under this key all tries are counted together."""

HEADERS = {
    "Referrer-Policy": "no-referrer",
    "X-Robots-Tag": "noindex, nofollow, noarchive",
}
"""Besides those of every page, `no-store` among them."""


class Secret(NamedTuple):
    """A new secret: its text is shown once, and its hash is stored."""

    text: str
    sha256: str


def new_secret() -> Secret:
    """256 random bits as 43 characters that an address can have."""
    text = secrets.token_urlsafe(SECRET_BYTES)
    return Secret(text, sha256_of(text))


def sha256_of(text: str) -> str:
    """What is stored of a secret."""
    return hashlib.sha256(text.encode()).hexdigest()


_NOBODYS = secrets.token_urlsafe(SECRET_BYTES)


def is_same(given: str, stored: str | None) -> bool:
    """Whether they are equal, in the same time where there is nothing to compare with.

    stored: None where nothing was found; that is compared, too, and never equal.
    """
    right = _NOBODYS if stored is None else stored
    same = compare_digest(sha256_of(given), sha256_of(right))
    return same and stored is not None


@contextmanager
def answered_evenly() -> Iterator[None]:
    """What is done within takes as long for a wrong answer as for a right one."""
    start = time.monotonic()
    try:
        yield
    finally:
        time.sleep(max(0.0, settings.SECRET_PAGE_SECONDS - (time.monotonic() - start)))


def is_within(request: HttpRequest, what: str) -> bool:
    """Whether there were fewer tries than settings.LIMITS[what], which counts this one.

    Of one address (`/ip`), and of all together (`/key`).
    """
    is_fewer = rates.is_within(request, what, settings.LIMITS, key=EVERYBODY, counts_get=True)
    if not is_fewer:
        tell_too_many(what)
    return is_fewer


def too_many_tries(request: HttpRequest) -> HttpResponse:
    """429, the same for every address."""
    response = render(request, "public/too_many.html", status=TOO_MANY)
    response["Retry-After"] = "60"
    return response


class _CsrfWithoutReferrer(CsrfViewMiddleware):
    """As everywhere, but a browser that was told to send no referrer says `Origin: null`.

    The token of the form still has to fit the cookie, which no other site can read or have sent.
    """

    def _origin_verified(self, request: HttpRequest) -> bool:
        if request.META["HTTP_ORIGIN"] == "null":
            return True
        return bool(super()._origin_verified(request))  # type: ignore[misc]

    def _reject(self, request: HttpRequest, reason: str) -> HttpResponse:
        return render(request, "public/stale.html", status=HTTPStatus.FORBIDDEN)


def secret_page(view: View) -> View:
    """A view whose address is a secret: kept out of caches, search engines and referrers."""
    checked = decorator_from_middleware(_CsrfWithoutReferrer)(view)

    @wraps(view)
    def kept(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        request.is_secret_page = True  # type: ignore[attr-defined]
        response = checked(request, *args, **kwargs)
        for name, value in HEADERS.items():
            response[name] = value
        return response

    return cast(View, csrf_exempt(kept))


# The cookie of who was right


class Held(NamedTuple):
    """What a cookie says: for which row, and the hash of its random part, as the row has it."""

    key: str
    sha256: str


def hand_cookie(response: HttpResponse, name: str, key: object, *, seconds: int) -> str:
    """Let this browser alone go on with a row; returns the hash that the row keeps of it."""
    secret = new_secret()
    response.set_signed_cookie(
        settings.HOST_PREFIX + name,
        f"{key} {secret.text}",
        max_age=seconds,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Strict",
    )
    return secret.sha256


def held_cookie(request: HttpRequest, name: str, *, seconds: int) -> Held | None:
    """What the cookie of this browser says; None where it has none of ours, or too old a one."""
    value = request.get_signed_cookie(settings.HOST_PREFIX + name, default=None, max_age=seconds)
    key, _, text = (value or "").partition(" ")
    return Held(key, sha256_of(text)) if key and text else None


def drop_cookie(response: HttpResponse, name: str) -> None:
    """This browser goes on no further."""
    response.delete_cookie(settings.HOST_PREFIX + name, samesite="Strict")
