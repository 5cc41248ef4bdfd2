"""Signing in, being signed out in the middle of things, and what is kept of both."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.conf import settings
from django.contrib.sessions.models import Session
from django.core import mail
from django.test import Client

from kapnet.core.audit.models import Event, Outcome
from kapnet.core.people.models import Clinic, Role, User
from tests.factories import PASSWORD, make_member
from tests.worker import link_mailed_to, worked

pytestmark = pytest.mark.django_db

ClientFor = Callable[[User], Client]


@pytest.fixture
def known(clinic: Clinic) -> User:
    """A manager with a password."""
    return make_member(clinic=clinic, role=Role.MANAGER, name="M. Manager", password=PASSWORD)


def sign_in(client: Client, email: str, password: str = PASSWORD, **fields: str) -> int:
    return client.post(
        "/accounts/login/", {"login": email, "password": password, **fields}
    ).status_code


def test_sign_in_opens_the_page_of_the_role(known: User) -> None:
    client = Client()

    assert sign_in(client, known.email.upper()) == 302
    assert client.get("/")["Location"] == "/clinic/"
    event = Event.objects.get(action="account.sign_in")
    assert (event.actor, event.outcome, event.clinic) == (
        known,
        Outcome.DONE,
        known.membership.clinic,
    )


def test_failed_sign_in_says_the_same_for_any_email(known: User) -> None:
    pages = [
        Client().post("/accounts/login/", {"login": email, "password": "wrong-password"})
        for email in (known.email, "nobody@test.example")
    ]

    for page in pages:
        assert b"Email or password is not right." in page.content
    assert [event.outcome for event in Event.objects.all()] == [Outcome.FAILED] * 2
    assert {event.object_id for event in Event.objects.all()} == {str(known.pk), ""}


def test_sixth_try_is_refused_even_with_the_right_password(known: User) -> None:
    client = Client()
    for _ in range(5):
        sign_in(client, known.email, "wrong-password")

    assert sign_in(client, known.email) == 200
    assert client.get("/clinic/").status_code == 302


def test_sign_in_changes_the_session_key(known: User) -> None:
    client = Client()
    sign_in(client, known.email)
    Session.objects.all().delete()
    client.post("/profile/", {"name": "kept"})
    before = client.cookies[settings.SESSION_COOKIE_NAME].value

    sign_in(client, known.email)

    assert client.cookies[settings.SESSION_COOKIE_NAME].value != before


@pytest.mark.parametrize("target", ["//evil.example/", "https://evil.example", "javascript:x"])
def test_sign_in_goes_to_own_pages_only(known: User, target: str) -> None:
    response = Client().post(
        "/accounts/login/", {"login": known.email, "password": PASSWORD, "next": target}
    )

    assert response["Location"] == "/"


def test_sign_out_ends_the_session_and_leaves_an_event(client_for: ClientFor, known: User) -> None:
    client = client_for(known)

    client.post("/accounts/logout/")

    assert client.get("/clinic/").status_code == 302
    assert Event.objects.filter(action="account.sign_out", actor=known).exists()


def test_no_one_signs_up() -> None:
    response = Client().post(
        "/accounts/signup/",
        {"email": "new@test.example", "password1": PASSWORD, "password2": PASSWORD},
    )

    assert b"Accounts are by invitation" in response.content
    assert not User.objects.exists()


def test_forgotten_password_link_works_once(known: User) -> None:
    Client().post("/accounts/password/forgot/", {"email": known.email})
    worked()
    link = link_mailed_to(known.email)
    new = "another good long password"

    client = Client()
    form = client.get(link, follow=True).redirect_chain[-1][0]
    client.post(form, {"password1": new, "password2": new})

    assert sign_in(Client(), known.email, new) == 302
    assert b"This link no longer works" in Client().get(link, follow=True).content


def test_forgotten_password_of_an_unknown_email_sends_nothing() -> None:
    response = Client().post("/accounts/password/forgot/", {"email": "nobody@test.example"})
    worked()

    assert response.status_code == 302
    assert mail.outbox == []


# Signed out in the middle


def test_expired_page_returns_to_itself_after_sign_in() -> None:
    assert Client().get("/profile/")["Location"] == "/accounts/login/?next=/profile/"


def test_expired_fragment_sends_the_page_to_sign_in() -> None:
    response = Client().get(
        "/profile/", headers={"HX-Request": "true", "HX-Current-URL": "http://testserver/about/"}
    )

    assert response["HX-Redirect"] == "/accounts/login/?next=/about/"


def test_expired_save_gets_401_and_a_notice_while_the_page_stays() -> None:
    response = Client().post("/profile/", {"name": "typed"}, headers={"HX-Request": "true"})

    assert response.status_code == 401
    assert "HX-Redirect" not in response
    assert b"/accounts/login/" in response.content


def expired_client_of(person: User) -> Client:
    """A browser in which this person was signed in until the session ran out."""
    client = Client()
    client.force_login(person)
    client.get("/profile/")
    del client.cookies[settings.SESSION_COOKIE_NAME]
    return client


def test_expired_form_post_is_kept_and_sent_after_sign_in(known: User) -> None:
    client = expired_client_of(known)

    response = client.post("/profile/", {"name": "Typed Before", "phone": "555"})
    assert response["Location"] == "/accounts/login/?next=/accounts/kept/"
    sign_in(client, known.email)
    page = client.get("/accounts/kept/")

    assert b'value="Typed Before"' in page.content
    assert b'action="/profile/"' in page.content
    assert client.get("/accounts/kept/").status_code == 302
    assert client.session.get_expiry_age() > 3600


def test_expired_form_post_is_never_offered_to_somebody_else(known: User, staff: User) -> None:
    client = expired_client_of(staff)
    client.post("/profile/", {"name": "Typed Before"})

    sign_in(client, known.email)

    assert client.get("/accounts/kept/")["Location"] == "/"
    assert client.get("/accounts/kept/").status_code == 302


def test_too_large_a_post_is_not_kept(known: User) -> None:
    client = expired_client_of(known)

    response = client.post("/profile/", {"name": "x" * 200_000})

    assert response["Location"] == "/accounts/login/?next=/profile/"
