"""Pages whose address is a secret: what every one of them shares."""

from __future__ import annotations

import time
from typing import Any

import pytest
from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory
from django.test.utils import override_settings

from kapnet.core.web.secret_pages import (
    answered_evenly,
    drop_cookie,
    hand_cookie,
    held_cookie,
    is_same,
    new_secret,
    secret_page,
    sha256_of,
)
from tests.collecting import for_each

NAME, SECONDS = "form", 60


def test_secrets_are_long_and_stored_as_their_hash() -> None:
    made = [new_secret() for _ in range(1000)]
    assert {len(one.text) for one in made} == {43}
    assert len({one.text for one in made}) == len(made)
    assert all(one.sha256 == sha256_of(one.text) != one.text for one in made)


@for_each(
    ("given", "stored", "same"),
    [
        ("1984-03-27", "1984-03-27", True),
        ("1984-03-28", "1984-03-27", False),
        ("1984-03-27", None, False),
        ("", None, False),
        ("", "", True),
    ],
)
def test_nothing_equals_what_is_not_there(given: str, stored: str | None, same: bool) -> None:
    assert is_same(given, stored) is same


@secret_page
def _view(request: HttpRequest) -> HttpResponse:
    return HttpResponse("read")


def _posted(**headers: Any) -> HttpResponse:
    secret = "a" * 32
    request = RequestFactory(enforce_csrf_checks=True).post(
        "/f/x", {"csrfmiddlewaretoken": secret}, headers=headers, secure=True
    )
    request.COOKIES[settings.CSRF_COOKIE_NAME] = secret
    request.user = AnonymousUser()
    return _view(request)


@for_each(
    ("headers", "status"),
    [
        ({"origin": "null"}, 200),
        ({"origin": "https://testserver"}, 200),
        ({"origin": "https://elsewhere.example"}, 403),
    ],
)
def test_a_browser_that_sends_no_referrer_is_taken(headers: dict[str, str], status: int) -> None:
    """It sends `Origin: null` with a form, and the token of the form still counts."""
    response = _posted(**headers)
    assert response.status_code == status
    assert response["Referrer-Policy"] == "no-referrer"
    assert "noindex" in response["X-Robots-Tag"]


def test_without_the_token_of_the_form_nothing_is_taken() -> None:
    request = RequestFactory(enforce_csrf_checks=True).post("/f/x", headers={"origin": "null"})
    request.user = AnonymousUser()
    assert _view(request).status_code == 403


def test_a_cookie_is_bound_to_one_browser_and_ends() -> None:
    response = HttpResponse()
    kept = hand_cookie(response, NAME, "row-7", seconds=SECONDS)
    cookie = response.cookies[settings.HOST_PREFIX + NAME]
    assert cookie["httponly"]
    assert (cookie["samesite"], cookie["path"]) == ("Strict", "/")
    request = RequestFactory().get("/f/")
    assert held_cookie(request, NAME, seconds=SECONDS) is None
    request.COOKIES[settings.HOST_PREFIX + NAME] = cookie.value
    assert held_cookie(request, NAME, seconds=SECONDS) == ("row-7", kept)
    assert held_cookie(request, "another", seconds=SECONDS) is None
    assert kept not in cookie.value
    request.COOKIES[settings.HOST_PREFIX + NAME] = cookie.value.replace("row-7", "row-8")
    assert held_cookie(request, NAME, seconds=SECONDS) is None
    drop_cookie(response, NAME)
    assert response.cookies[settings.HOST_PREFIX + NAME]["max-age"] == 0


@override_settings(SECRET_PAGE_SECONDS=0.05)
def test_right_and_wrong_take_the_same_time() -> None:
    started = time.monotonic()
    with answered_evenly():
        pass
    with pytest.raises(LookupError), answered_evenly():
        raise LookupError
    assert time.monotonic() - started >= 0.1
