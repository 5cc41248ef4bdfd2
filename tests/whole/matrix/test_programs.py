"""Every address for programs: without a token, with a sign-in alone, and by another clinic."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client
from django.urls import NoReverseMatch, reverse

from kapnet.core.audit.models import Event
from kapnet.core.people.models import Clinic, User
from kapnet.core.web.fhir_answers import FHIR_JSON
from tests.kapnet.core.clients.client_factories import make_api_client, program
from tests.whole.matrix.routes import Route, program_routes

pytestmark = pytest.mark.django_db

TOKENS = "oauth_token"
BY_SIGNATURE = "cds:"
"""Each call is signed: a token is nothing there."""
NAMES = ("6f1c7f0e-9c1c-4f0e-8b0e-0123456789ab", "7", "nothing")


def address_of(route: Route) -> str:
    """With objects that are not there, in whatever form the address has them."""
    for name in NAMES:
        try:
            return reverse(route.name, kwargs=dict.fromkeys(route.places, name))
        except NoReverseMatch:
            continue
    raise AssertionError(route.name)


def called(action: str) -> Iterator[tuple[Route, str, str]]:
    for route in program_routes():
        assert route.methods, route.name
        if route.action == action and route.name != TOKENS:
            for method in route.methods:
                yield route, method, address_of(route)


def ask(client: Client, method: str, address: str, **more: Any) -> Any:
    body = "{}" if method in ("POST", "PUT") else ""
    return client.generic(method, address, body, content_type=FHIR_JSON, **more)


def code_of(answer: Any) -> str:
    found = json.loads(answer.content)
    return str(found["issue"][0]["code"]) if found.get("issue") else ""


def test_no_cookie_and_no_made_up_token_opens_an_address_of_clients(
    therapist: User, manager: User
) -> None:
    """As an answer that a program reads, and without a word for other origins."""
    wrong = []
    signed_in = [Client(enforce_csrf_checks=True) for _ in range(2)]
    for client, person in zip(signed_in, (therapist, manager), strict=True):
        client.force_login(person)
    made_up = Client(headers={"Authorization": "Bearer made-up"})

    for route, method, address in called("api.call"):
        for client in (Client(), *signed_in, made_up):
            answer = ask(client, method, address, headers={"Origin": "https://evil.example"})
            said = (answer.status_code, code_of(answer), answer.get("Access-Control-Allow-Origin"))
            if said != (401, "login", None):
                wrong.append((route.name, method, said))

    assert wrong == []


def test_client_is_refused_what_is_not_there_or_not_for_it(
    clinic: Clinic, other_therapist: User
) -> None:
    """Whatever it may do, nothing breaks; and with no right at all it does nothing."""
    wrong = []
    outsider = program(make_api_client(other_therapist.membership.clinic))
    powerless = program(make_api_client(clinic, scopes=["system/Nothing.r"]))

    for route, method, address in called("api.call"):
        answer = ask(outsider, method, address)
        if answer.status_code >= 500:
            wrong.append((route.name, method, answer.status_code))
        if route.name.startswith(BY_SIGNATURE):
            continue
        before = Event.objects.count()
        answer = ask(powerless, method, address)
        if (answer.status_code, code_of(answer)) != (403, "forbidden"):
            wrong.append((route.name, method, answer.status_code))
        if Event.objects.count() != before + 1:
            wrong.append((route.name, method, "no event"))

    assert wrong == []


def test_open_addresses_of_programs_answer_without_a_token() -> None:
    wrong = []

    for route, method, address in called("api.open"):
        answer = ask(Client(), method, address)
        if answer.status_code >= 500 or answer.status_code in (401, 403):
            wrong.append((route.name, method, answer.status_code))

    assert wrong == []
