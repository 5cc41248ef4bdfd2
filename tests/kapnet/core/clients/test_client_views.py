"""A manager keeps programs; a therapist agrees before one takes everything along."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.messages import get_messages
from django.core import mail
from django.db import DatabaseError, transaction
from django.test import Client
from django.urls import reverse
from django_scopes import scope, scopes_disabled
from playwright.sync_api import Page

from kapnet.core.audit.models import Event
from kapnet.core.clients.models import AccessToken, Agreement, ApiClient
from kapnet.core.clients.scopes import EVERYTHING, RIGHTS
from kapnet.core.people.models import Clinic, Role, User
from kapnet.core.web.posted_fields import NEVER_KEPT
from tests.factories import PASSWORD, make_member
from tests.kapnet.core.clients.client_factories import (
    ISSUER,
    ask_for_token,
    claims,
    ec_key,
    jwk_of,
    make_api_client,
    program,
    signed,
    two_keys,
)
from tests.worker import worked

pytestmark = pytest.mark.django_db

ClientFor = Callable[[User], Client]
NEW, LIST, ASKED = "/clinic/clients/new/", "/clinic/clients/", "/clinic/clients/agreements/"
NAMED = {"name": "Hospital records", "kind": "backend", "public_keys": two_keys()}
PRIVATE = json.dumps(jwk_of(ec_key(), "a", private=True))


@pytest.fixture
def agreeing(clinic: Clinic) -> User:
    return make_member(clinic=clinic, role=Role.THERAPIST, name="Dr. A. Greeing", password=PASSWORD)


def only_client() -> ApiClient:
    with scopes_disabled():
        return ApiClient.objects.select_related("clinic").get()


def errors_of(answer: Any) -> dict[str, list[str]]:
    assert answer.status_code == 422
    return {
        name: [str(one) for one in said] for name, said in answer.context["form"].errors.items()
    }


def test_manager_adds_a_program_that_calls_until_it_is_stopped(
    client_for: ClientFor, manager: User
) -> None:
    client = client_for(manager)
    assert "No program may call" in client.get(LIST).content.decode()
    once = client.get(NEW).context["once_token"]
    posted = {**NAMED, "rights": ["record", "tasks"], "once": once}

    answers = [client.post(NEW, posted, follow=True) for _ in range(2)]

    added = only_client()
    assert [one.redirect_chain[-1][0] for one in answers] == [f"{LIST}{added.pk}/"] * 2
    page = answers[0].content.decode()
    assert "Read a patient’s record" in page
    assert "http://testserver/oauth/token" in page
    assert str(added.pk) in page
    assert "May call, has not yet" in page
    assert ask_for_token(signed(claims(added)), "system/Patient.rs").status_code == 200
    assert "May call, has not yet" not in client.get(LIST).content.decode()
    assert ask_for_token(signed(claims(added)), "system/Binary.rs").status_code == 400

    stopped = client.post(f"{LIST}{added.pk}/switch/", {"to": "inactive"}, follow=True)
    with scopes_disabled():
        assert not AccessToken.objects.exists()
    assert "Stopped" in stopped.content.decode()
    assert ask_for_token(signed(claims(added)), "system/Patient.rs").status_code == 401
    client.post(f"{LIST}{added.pk}/switch/", {"to": "active"})
    assert ask_for_token(signed(claims(added)), "system/Patient.rs").status_code == 200
    events = Event.objects.filter(object_type="client", actor=manager).order_by("pk")
    assert [one.action for one in events] == ["client.added", "client.stopped", "client.started"]
    log = client.get(reverse("trail:trail")).content.decode()
    assert "A program got a token for some minutes" in log


def test_record_system_is_added_with_its_issuer_and_no_rights(
    client_for: ClientFor, manager: User
) -> None:
    client = client_for(manager)
    hooks = {**NAMED, "kind": "cds"}

    assert errors_of(client.post(NEW, hooks)) == {
        "issuer": ["Enter the issuer: CDS Hooks names its sender by it"]
    }
    assert "rights" in errors_of(client.post(NEW, {**hooks, "issuer": ISSUER, "rights": ["tasks"]}))
    assert "issuer" in errors_of(client.post(NEW, {**NAMED, "issuer": ISSUER, "rights": ["tasks"]}))
    assert errors_of(client.post(NEW, NAMED)) == {"rights": ["Tick at least one"]}
    assert client.post(NEW, {**hooks, "issuer": ISSUER}).status_code == 302
    added = only_client()
    assert (added.issuer, added.scopes) == (ISSUER, [])
    assert client.get(f"{LIST}{added.pk}/rights/").status_code == 302
    assert "http://testserver/cds-services" in client.get(f"{LIST}{added.pk}/").content.decode()


def test_private_key_is_refused_and_neither_shown_nor_kept(
    client_for: ClientFor, manager: User
) -> None:
    client = client_for(manager)
    secret = json.loads(PRIVATE)["d"]

    answer = client.post(NEW, {**NAMED, "rights": ["tasks"], "public_keys": PRIVATE})

    (said,) = errors_of(answer)["public_keys"]
    assert "This is a private key" in said
    assert secret not in answer.content.decode()
    assert "Hospital records" in answer.content.decode()
    with scopes_disabled():
        assert not ApiClient.objects.exists()
    assert "public_keys" in NEVER_KEPT


def test_everything_needs_a_therapist_and_all_are_told(
    client_for: ClientFor,
    manager: User,
    therapist: User,
    agreeing: User,
) -> None:
    client, doctor = client_for(manager), client_for(agreeing)
    posted = {**NAMED, "rights": ["record", "everything"]}
    assert "reason" in errors_of(client.post(NEW, posted))
    client.post(NEW, {**posted, "reason": "We move to another system."})
    added = only_client()
    assert EVERYTHING not in added.scopes
    assert ask_for_token(signed(claims(added)), "system/*.rs").status_code == 400
    assert "Waits for a therapist" in client.get(f"{LIST}{added.pk}/").content.decode()
    assert "may take every case" in doctor.get(reverse("cases:list")).content.decode()
    worked()
    assert {one.to[0] for one in mail.outbox} == {therapist.email, agreeing.email}
    assert "records" not in "".join(str(one.body) for one in mail.outbox)

    with scopes_disabled():
        asked = Agreement.objects.get()
    page = f"{ASKED}{asked.pk}/"
    assert client.post(page, {"password": PASSWORD}).status_code == 403
    assert "We move to another system." in doctor.get(page).content.decode()
    assert "password" in errors_of(doctor.post(page, {"password": "wrong"}))
    assert EVERYTHING not in only_client().scopes
    assert doctor.post(page, {"password": PASSWORD}).status_code == 302

    assert EVERYTHING in only_client().scopes
    assert ask_for_token(signed(claims(added)), "system/*.rs").status_code == 200
    assert doctor.post(page, {"refuse": "1"}).status_code == 409
    assert EVERYTHING in only_client().scopes
    assert "agreed: the program" in client.get(reverse("clinic")).content.decode()
    held = program(only_client(), scopes=[EVERYTHING])
    client.post(f"{LIST}{added.pk}/take-back/")
    assert EVERYTHING not in only_client().scopes
    assert ask_for_token(signed(claims(added)), "system/*.rs").status_code == 400
    assert held is not None
    actions = Event.objects.filter(object_type="client", outcome="done", actor__isnull=False)
    assert [one.action for one in actions.order_by("pk")] == [
        "client.added",
        "client.export_asked_for",
        "client.export_agreed_to",
        "client.export_taken_back",
    ]


def test_agreement_ends_when_keys_or_rights_change_and_is_refused(
    client_for: ClientFor, manager: User, agreeing: User, clinic: Clinic
) -> None:
    client, doctor = client_for(manager), client_for(agreeing)
    stored = make_api_client(clinic, scopes=["system/Task.rus", EVERYTHING])
    one = f"{LIST}{stored.pk}/"

    kept = client.post(f"{one}rights/", {"rights": ["evidence", "everything"]})
    assert kept.status_code == 302
    assert only_client().scopes == ["system/Evidence.rs", EVERYTHING]
    client.post(f"{one}keys/", {"public_keys": json.dumps(jwk_of(ec_key("new"), "n"))})
    assert only_client().scopes == ["system/Evidence.rs"]
    assert ask_for_token(signed(claims(stored)), "system/Evidence.rs").status_code == 401
    renewed = signed(claims(stored), ec_key("new"), kid="n")
    assert ask_for_token(renewed, "system/Evidence.rs").status_code == 200
    again = {"rights": ["evidence", "everything"], "reason": "Once more."}
    client.post(f"{one}rights/", again)
    client.post(f"{one}rights/", again)
    with scopes_disabled():
        (asked,) = Agreement.objects.all()
    form = client.get(f"{one}rights/").context["form"]
    waits = {"rights": form["rights"].value(), "reason": form["reason"].value()}
    assert waits == again, "changing something else does not take back what was asked for"
    assert doctor.post(f"{ASKED}{asked.pk}/", {"refuse": "1"}).status_code == 302
    assert EVERYTHING not in only_client().scopes
    assert "refused" in client.get(one).content.decode()


def test_second_factor_is_set_up_before_a_therapist_agrees(
    client_for: ClientFor, manager: User, agreeing: User, clinic: Clinic, settings: Any
) -> None:
    stored = make_api_client(clinic)
    with scope(clinic=clinic):
        asked = Agreement.objects.create(
            clinic=clinic, client=stored, scopes=[EVERYTHING], reason="Why", asked_by=manager
        )
    settings.MFA_REQUIRED = True

    answer = client_for(agreeing).post(f"{ASKED}{asked.pk}/", {"password": PASSWORD})

    assert answer["Location"] == reverse("mfa_index")
    assert any("second factor" in str(one) for one in get_messages(answer.wsgi_request))
    assert client_for(manager).get(LIST)["Location"] == reverse("mfa_index")
    assert EVERYTHING not in only_client().scopes


@pytest.mark.both_databases
def test_what_was_decided_is_kept_by_the_database(
    manager: User, agreeing: User, clinic: Clinic
) -> None:
    stored = make_api_client(clinic)
    with scope(clinic=clinic):
        asked = Agreement.objects.create(
            clinic=clinic, client=stored, scopes=[EVERYTHING], reason="Why", asked_by=manager
        )
        with pytest.raises(DatabaseError), transaction.atomic():
            Agreement.objects.filter(pk=asked.pk).update(
                state="agreed", decided_at=asked.asked_at, decided_by=manager
            )
        Agreement.objects.filter(pk=asked.pk).update(
            state="refused", decided_at=asked.asked_at, decided_by=agreeing
        )
        with pytest.raises(DatabaseError), transaction.atomic():
            Agreement.objects.filter(pk=asked.pk).update(state="agreed")
        with pytest.raises(DatabaseError), transaction.atomic():
            Agreement.objects.filter(pk=asked.pk).delete()


@pytest.mark.django_db(transaction=True)
def test_pages_work_without_scripts_and_are_accessible(
    signed_in_page: Callable[..., Page], manager: User, agreeing: User, fits: Callable[[Page], None]
) -> None:
    page = signed_in_page(manager)
    page.goto(NEW)
    fits(page)
    page.get_by_role("button", name="Let it call").click()
    assert page.get_by_role("alert").is_visible()
    fits(page)
    bare = signed_in_page(manager, java_script_enabled=False)
    bare.goto(NEW)
    bare.get_by_label("Name", exact=True).fill("Hospital records")
    bare.get_by_label("A program that reads and writes").check()
    bare.get_by_label("Public keys", exact=True).fill(two_keys())
    for right in (RIGHTS[2], RIGHTS[-1]):
        bare.get_by_label(right.words).check()
    bare.get_by_label("Why it has to take everything along").fill("We move.")
    bare.get_by_role("button", name="Let it call").click()
    assert bare.get_by_role("heading", name="Hospital records").is_visible()

    for address in (bare.url, LIST, ASKED, f"{bare.url}rights/", f"{bare.url}keys/"):
        page.goto(address)
        fits(page)
    doctor = signed_in_page(agreeing)
    doctor.goto(ASKED)
    doctor.get_by_role("link", name="Agree or refuse").click()
    fits(doctor)
