"""What holds for every address there is: forms from elsewhere, frames, origins, methods, reads."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection, transaction
from django.http.response import HttpResponseBase
from django.test import Client
from django.test.utils import CaptureQueriesContext

from kapnet.core.accounts.policies import EVIDENCE_ADMIN, may
from kapnet.core.people.models import Role
from tests.matrix.routes import Route, routes
from tests.matrix.test_matrix import place_of
from tests.matrix.world import World

pytestmark = pytest.mark.django_db

PAGES = [one for one in routes() if not one.is_admin]
ROLES = (*Role.values, EVIDENCE_ADMIN)
FOREIGN = {"Origin": "https://evil.example", "Access-Control-Request-Method": "POST"}
BY_SECRET = "evidence:stop_digest"
"""Ends a subscription by one click in a mail program (RFC 8058), which knows no page of ours."""

OF_ALLAUTH = ("account_", "mfa_")
"""Its forms take PUT for POST, guarded as that is."""

WRITES = ("INSERT", "UPDATE", "DELETE")
WRITTEN_BY_READS = ("audit_", "django_session", "shared_cache")
"""That somebody read; that they did something; how often, and a sheet that was drawn."""


def opened(world: World) -> Iterator[tuple[Client, Route, str]]:
    """Every address, with somebody who may open it."""
    for route in PAGES:
        role = next((one for one in ROLES if may(one, route.action)), Role.STAFF)
        yield world.clients[role], route, place_of(route, world.own(route))


def answer_to(client: Client, method: str, address: str, **how: Any) -> HttpResponseBase:
    """The answer; what it did is taken back."""
    cookies = client.cookies.output(header="", sep=";")
    with transaction.atomic():
        response = client.generic(method, address, **how)
        transaction.set_rollback(True)
    client.cookies.load(cookies)
    return response


def test_s38_form_from_elsewhere_is_refused_at_every_address(world: World) -> None:
    taken = []

    for client, route, address in opened(world):
        strict = Client(enforce_csrf_checks=True)
        strict.cookies = client.cookies
        if answer_to(strict, "POST", address).status_code != 403:
            taken.append(route.name)

    assert taken == [BY_SECRET]


def test_s38_no_read_changes_anything(world: World) -> None:
    changed = []

    for client, route, address in opened(world):
        if route.name == "account_logout":
            continue
        with CaptureQueriesContext(connection) as asked:
            answer_to(client, "GET", address)
        for one in asked.captured_queries:
            verb, _, rest = one["sql"].lstrip().partition(" ")
            table = rest.split('"')[1] if '"' in rest else rest
            if verb in WRITES and not table.startswith(WRITTEN_BY_READS):
                changed.append((route.name, verb, table))

    assert changed == []


def test_s41_no_page_of_anybody_stands_in_a_frame(world: World) -> None:
    seen = set()

    for client, route, address in opened(world):
        response = answer_to(client, "GET", address)
        seen.add(response.status_code)
        assert response["X-Frame-Options"] == "DENY", route.name
        assert "frame-ancestors 'none'" in response["Content-Security-Policy"], route.name

    assert 200 in seen


def test_s42_no_other_origin_is_let_in_anywhere(world: World) -> None:
    for client, route, address in opened(world):
        for method in ("OPTIONS", "GET"):
            response = answer_to(client, method, address, headers=FOREIGN)
            allowed = [name for name in response.headers if name.lower().startswith("access-con")]
            assert not allowed, route.name


def test_head_is_answered_as_get_is_at_every_address(world: World) -> None:
    differ, bodies = [], []

    for client, route, address in opened(world):
        got, head = (answer_to(client, method, address) for method in ("GET", "HEAD"))
        if head.status_code != got.status_code or head.headers.keys() != got.headers.keys():
            differ.append((route.name, got.status_code, head.status_code))
        bodies.append(b"".join(head))

    assert differ == []
    assert set(bodies) == {b""}


def test_s56_methods_that_nobody_offers_are_refused_everywhere(world: World) -> None:
    answers: dict[str, set[int]] = {}

    for client, route, address in opened(world):
        if route.name.startswith(OF_ALLAUTH):
            continue
        for method in ("TRACE", "PUT", "DELETE", "PATCH", "PROPFIND"):
            response = answer_to(client, method, address)
            answers.setdefault(route.name, set()).add(response.status_code)

    assert {name: codes for name, codes in answers.items() if codes != {405}} == {}
