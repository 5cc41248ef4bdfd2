"""Headers, error pages and the log: what leaves the server."""

from __future__ import annotations

import logging
from collections.abc import Callable
from pathlib import Path

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import include, path
from pytest_django.fixtures import Settings
from structlog.testing import capture_logs

from kapnet.core.people.models import Clinic, User
from tests.collecting import for_each

pytestmark = pytest.mark.django_db

ClientFor = Callable[[User], Client]
SECRET = "Maren Sentinel"


def broken(request: HttpRequest) -> HttpResponse:
    """A view with a patient's name in its error."""
    raise ValueError(SECRET)


urlpatterns = [
    path("broken/", broken, name="broken"),
    path("", include("kapnet.core.accounts.urls")),
]
handler500 = "kapnet.core.web.error_pages.server_error"


@for_each("address", ["/", "/about/", "/accounts/login/", "/no-such-page/"])
def test_headers_of_every_answer(address: str) -> None:
    response = Client().get(address)

    policy = response["Content-Security-Policy"]
    assert "unsafe" not in policy
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "form-action 'self'" in policy
    assert "base-uri 'none'" in policy
    assert "no-store" in response["Cache-Control"]
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Referrer-Policy"] == "same-origin"
    assert response["Cross-Origin-Opener-Policy"] == "same-origin"
    assert response["X-Frame-Options"] == "DENY"


def test_script_nonce_is_in_page_and_policy() -> None:
    response = Client().get("/")

    nonce = response.context["csp_nonce"]
    assert f"'nonce-{nonce}'" in response["Content-Security-Policy"]
    assert f'nonce="{nonce}"' in response.content.decode()


def test_no_inline_script_or_style_without_nonce() -> None:
    page = Client().get("/").content.decode()

    assert " style=" not in page
    assert "<style" not in page
    assert "onclick" not in page


def test_404_has_a_face_the_crisis_line_and_a_reference(
    client_for: ClientFor, therapist: User
) -> None:
    response = client_for(therapist).get("/no-such-page/")

    page = response.content.decode()
    assert response.status_code == 404
    assert "It does not exist, or it belongs to another clinic." in page
    assert "988" in page
    assert response.wsgi_request.reference in page  # type: ignore[attr-defined]


def test_404_with_debug_on_shows_no_addresses(
    client_for: ClientFor, therapist: User, settings: Settings
) -> None:
    settings.DEBUG = True

    page = client_for(therapist).get("/no-such-page/").content.decode()

    assert "It does not exist" in page
    assert "URLconf" not in page


def test_missing_token_is_told_and_a_script_can_send_again(therapist: User) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(therapist)

    response = client.post("/profile/", {"name": "typed"})

    assert response.status_code == 403
    assert b"This page was too old" in response.content
    again = client.post(
        "/profile/", {"name": "typed"}, headers={"X-CSRFToken": response["X-CSRFToken"]}
    )
    assert again.status_code == 302


@pytest.mark.urls("tests.kapnet.core.web.test_wire")
def test_500_has_a_face_and_the_log_no_message(therapist: User) -> None:
    client = Client(raise_request_exception=False)
    client.force_login(therapist)

    with capture_logs() as lines:
        response = client.get("/broken/?name=Maren+Sentinel")

    page = response.content.decode()
    assert response.status_code == 500
    assert "Something went wrong here" in page
    assert "988" in page
    assert [line["event"] for line in lines] == ["exception", "request"]
    assert lines[0]["kind"] == "ValueError"
    assert "Maren" not in page + str(lines)


@pytest.mark.urls("tests.kapnet.core.web.test_wire")
def test_500_has_a_face_where_no_static_files_are_collected(
    therapist: User, settings: Settings, tmp_path: Path
) -> None:
    settings.STATIC_ROOT = tmp_path
    by_manifest = "django.contrib.staticfiles.storage.ManifestStaticFilesStorage"
    settings.STORAGES = {**settings.STORAGES, "staticfiles": {"BACKEND": by_manifest}}
    client = Client(raise_request_exception=False)
    client.force_login(therapist)

    page = client.get("/broken/").content.decode()

    assert "Something went wrong here" in page
    assert 'href="/static/build/kapnet.css"' in page


def test_log_names_routes_not_paths(client_for: ClientFor, manager: User, clinic: Clinic) -> None:
    with capture_logs() as lines:
        client_for(manager).post("/profile/?q=Maren", {"name": SECRET})

    assert lines[0]["route"] == "profile"
    assert "Maren" not in str(lines)


def test_django_keeps_its_own_lines_to_itself() -> None:
    for name in ("django.request", "django.security"):
        assert not logging.getLogger(name).propagate


def test_unknown_host_is_refused() -> None:
    response = Client(headers={"host": "evil.example"}).get("/")

    assert response.status_code == 400
    assert b"evil.example" not in response.content


@for_each("name", ["robots.txt", ".git/config", ".env", "static/../manage.py"])
def test_nothing_else_is_served(name: str) -> None:
    assert Client().get(f"/{name}").status_code in (302, 404)
