"""A form posted after the session expired: kept on the server until the person is back."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.urls import reverse

from kapnet.core.encryption.values import open_value, seal_value
from kapnet.core.people.models import User
from kapnet.core.web.posted_fields import posted_fields
from kapnet.core.web.rates import is_within

KEPT_POST = "kept_post"
KEPT_FOR_SECONDS = 30 * 60
LONGEST_KEPT_CHARACTERS = 100_000
MOST_KEPT = {KEPT_POST: "60/5m/ip"}
PERSON_COOKIE = f"{settings.HOST_PREFIX}person"
"""Signed id of who was signed in last in this browser: only that person gets the form back."""
PERSON_IS_KNOWN_FOR = timedelta(days=90)


def keep_post(request: HttpRequest) -> str:
    """Keep what was posted in the visitor's session; returns where to go after sign-in.

    Signing in keeps the session's content under a new key. Nothing is kept in the browser or in an
    address. What is too large to be answers of a page is not kept, and nothing from a browser in
    which nobody was signed in: that would let anybody fill the database.
    """
    fields = posted_fields(request)
    is_too_long = sum(len(name) + len(value) for name, value in fields) > LONGEST_KEPT_CHARACTERS
    if is_too_long or not last_person(request) or not _is_within_limit(request):
        return request.path
    kept = {"path": request.get_full_path(), "fields": fields, "person": last_person(request)}
    request.session[KEPT_POST] = seal_value(kept)
    request.session.set_expiry(KEPT_FOR_SECONDS)
    return reverse("kept_post")


def _is_within_limit(request: HttpRequest) -> bool:
    return is_within(request, KEPT_POST, MOST_KEPT)


def take_kept_post(request: HttpRequest) -> dict[str, Any] | None:
    """What was kept, once; None where there is nothing, or its key is gone."""
    kept: dict[str, Any] | None = open_value(request.session.pop(KEPT_POST, None))
    return kept


def last_person(request: HttpRequest) -> str:
    """The id of who was signed in last in this browser; empty when that is not known."""
    return request.get_signed_cookie(PERSON_COOKIE, default="") or ""


def is_known_browser(request: HttpRequest, *, email: str) -> bool:
    """Whether the person of this address was signed in last in this browser."""
    person = last_person(request)
    return bool(person) and User.objects.filter(pk=person, email=email.lower()).exists()


def remember_person(request: HttpRequest, response: HttpResponseBase) -> None:
    """Keep who is signed in, so that a form of theirs is never offered to somebody else."""
    if request.user.is_authenticated and last_person(request) != str(request.user.pk):
        response.set_signed_cookie(
            PERSON_COOKIE,
            str(request.user.pk),
            max_age=PERSON_IS_KNOWN_FOR,
            secure=settings.SESSION_COOKIE_SECURE,
            httponly=True,
            samesite="Lax",
        )
