"""Too often: files by one person (S-55), passwords from one address (S-35), and who asks (S-43)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.core import mail
from django.core.handlers.wsgi import get_script_name
from django.test import Client, RequestFactory
from django.urls import reverse
from django.utils import timezone
from structlog.testing import capture_logs

from kapnet.core.audit.models import Event, Outcome
from kapnet.core.people.models import Clinic, Role, User
from tests.decisions.letters.stored_letters import make_draft, make_signed
from tests.factories import PASSWORD, make_member
from tests.worker import worked

pytestmark = pytest.mark.django_db

ClientFor = Callable[[User], Client]
WRONG = "wrong password"
SIGN_IN = "/accounts/login/"
FROM_AN_ADDRESS, FOR_AN_ACCOUNT = 10, 5
"""Wrong passwords within a minute and within five minutes, before nothing is looked at any more."""


@pytest.fixture
def known(clinic: Clinic) -> User:
    return make_member(clinic=clinic, role=Role.MANAGER, name="M. Manager", password=PASSWORD)


def try_password(email: str, password: str = WRONG, **heads: str) -> bytes:
    response = Client().post(SIGN_IN, {"login": email, "password": password}, headers=heads)
    return response.content


@pytest.mark.parametrize("way", ["pdf", "desk"])
def test_s55_downloads_of_one_person_are_limited(
    therapist: User, staff: User, client_for: ClientFor, settings: Any, way: str
) -> None:
    letter = make_signed(therapist)
    settings.LIMITS = {**settings.LIMITS, "letter.download": "2/m/user"}
    client, other = client_for(staff), client_for(therapist)
    address = reverse("letters:pdf" if way == "pdf" else "desk:export_one", args=[letter.pk])
    ask = client.get if way == "pdf" else client.post

    with capture_logs() as lines:
        answers = [ask(address) for _ in range(3)]

    assert [one.status_code for one in answers] == [200, 200, 429]
    assert "Too often within a short time" in answers[2].content.decode()
    assert answers[2]["Retry-After"] == "60"
    assert {"event": "too_many", "what": "letter.download"}.items() <= lines[-2].items()
    refused = Event.objects.get(action="letter.download", outcome=Outcome.REFUSED)
    assert refused.actor == staff
    assert other.get(reverse("letters:pdf", args=[letter.pk])).status_code == 200


def test_s55_every_way_of_taking_letters_counts_and_an_hour_frees_them(
    therapist: User, staff: User, client_for: ClientFor, settings: Any
) -> None:
    letter = make_signed(therapist)
    settings.LIMITS = {**settings.LIMITS, "letter.download": "9/m/user,2/h/user"}
    client = client_for(staff)
    pdf, desk = (reverse(way, args=[letter.pk]) for way in ("letters:pdf", "desk:export_one"))

    taken = [client.get(pdf).status_code, client.post(desk).status_code]
    refused = [client.get(pdf).status_code, client.post(desk).status_code]
    with time_machine.travel(timezone.now() + timedelta(minutes=59)):
        refused.append(client_for(staff).get(pdf).status_code)
    with time_machine.travel(timezone.now() + timedelta(minutes=61)):
        taken.append(client_for(staff).get(pdf).status_code)

    assert taken == [200, 200, 200]
    assert refused == [429, 429, 429]


def test_s55_drawing_is_limited(therapist: User, client_for: ClientFor, settings: Any) -> None:
    letter = make_draft(therapist)
    settings.LIMITS = {**settings.LIMITS, "letter.draw": "1/m/user"}
    client = client_for(therapist)

    draft = client.get(reverse("letters:draft_pdf", args=[letter.case_id, letter.pk]))
    again = client.get(reverse("letters:draft_pdf", args=[letter.case_id, letter.pk]))

    assert (draft.status_code, again.status_code) == (200, 429)


def test_s55_trails_taken_along_are_limited(
    manager: User, client_for: ClientFor, settings: Any
) -> None:
    settings.LIMITS = {**settings.LIMITS, "trail.export": "1/h/user"}
    client = client_for(manager)

    answers = [client.get(reverse(f"trail:{ending}")) for ending in ("csv", "jsonl")]

    assert [one.status_code for one in answers] == [200, 429]


def test_s55_files_of_many_letters_are_limited(
    therapist: User, staff: User, client_for: ClientFor, settings: Any
) -> None:
    letter = make_signed(therapist)
    settings.DESK_EXPORTS_AN_HOUR = 1
    client = client_for(staff)

    answers = [client.post(reverse("desk:exports"), {"letter": str(letter.pk)}) for _ in range(2)]

    assert [one.status_code for one in answers] == [302, 429]


def test_s55_a_batch_of_a_clinic_meets_no_limit(
    therapist: User, staff: User, client_for: ClientFor
) -> None:
    letter = make_signed(therapist)
    client = client_for(staff)

    answers = {client.get(reverse("letters:pdf", args=[letter.pk])).status_code for _ in range(100)}

    assert answers == {200}


def test_s35_spraying_passwords_from_one_address_is_stopped_and_told(known: User) -> None:
    with capture_logs() as lines:
        pages = [try_password(f"person{n}@test.example") for n in range(FROM_AN_ADDRESS + 1)]

    assert b"Too many tries" in pages[-1]
    assert b"Too many tries" not in pages[-2]
    assert {"event": "too_many", "what": "account.sign_in"}.items() <= lines[-2].items()
    assert b"Too many tries" in try_password(known.email, PASSWORD)


def test_s35_guessing_one_account_from_many_addresses_is_stopped(known: User) -> None:
    pages = [
        Client(REMOTE_ADDR=f"192.0.2.{n}").post(SIGN_IN, {"login": known.email, "password": WRONG})
        for n in range(FOR_AN_ACCOUNT + 1)
    ]

    assert b"Too many tries" in pages[-1].content
    assert b"Too many tries" not in pages[-2].content


def test_nobody_elsewhere_keeps_a_person_out_of_the_browser_that_they_use(known: User) -> None:
    own, right = Client(REMOTE_ADDR="192.0.2.1"), {"login": known.email, "password": PASSWORD}
    own.post(SIGN_IN, right)
    own.post("/accounts/logout/")
    for n in range(FOR_AN_ACCOUNT + 1):
        stranger = Client(REMOTE_ADDR=f"198.51.100.{n}")
        stranger.post(SIGN_IN, {"login": known.email, "password": WRONG})

    assert b"Too many tries" in Client(REMOTE_ADDR="192.0.2.1").post(SIGN_IN, right).content
    assert own.post(SIGN_IN, right).status_code == 302
    own.post("/accounts/logout/")
    for _ in range(FOR_AN_ACCOUNT + 1):
        last = own.post(SIGN_IN, {"login": known.email, "password": WRONG})
    assert b"Too many tries" in last.content


def test_s43_made_up_forwarding_counts_for_nothing(known: User) -> None:
    pages = [
        try_password(f"person{n}@test.example", **{"X-Forwarded-For": f"192.0.2.{n}"})
        for n in range(FROM_AN_ADDRESS + 1)
    ]

    assert b"Too many tries" in pages[-1]


def test_s43_behind_a_proxy_its_word_counts_and_no_other(known: User, settings: Any) -> None:
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    made_up = [
        try_password(f"a{n}@test.example", **{"X-Forwarded-For": f"192.0.2.{n}, 198.51.100.7"})
        for n in range(FROM_AN_ADDRESS + 1)
    ]

    from_elsewhere = try_password(known.email, **{"X-Forwarded-For": "198.51.100.8"})

    assert b"Too many tries" in made_up[-1]
    assert b"Too many tries" not in from_elsewhere


@pytest.mark.parametrize("head", ["X-Forwarded-Proto", "X-Forwarded-Scheme", "X-Forwarded-Ssl"])
def test_s43_made_up_scheme_is_not_believed(head: str) -> None:
    request = RequestFactory().get("/", headers={head: "https"})

    assert not request.is_secure()


def test_s43_made_up_place_of_the_program_is_in_no_link() -> None:
    """A proxy that gunicorn trusts may pass SCRIPT_NAME on as a client said it."""
    request = RequestFactory().get(SIGN_IN, SCRIPT_NAME="/evil")

    assert request.path == SIGN_IN
    assert get_script_name(request.environ) == ""  # what each link begins with


@pytest.mark.parametrize("head", ["X-Forwarded-Host", "X-Host", "Forwarded"])
def test_s37_s43_made_up_host_is_in_no_link(known: User, head: str) -> None:
    Client(headers={head: "evil.example"}).post(
        "/accounts/password/forgot/", {"email": known.email}
    )
    worked()

    (sent,) = mail.outbox
    assert "evil.example" not in sent.body
    assert "://testserver/accounts/password/link/" in sent.body
