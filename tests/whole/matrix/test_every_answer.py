"""What holds for every address there is: forms from elsewhere, frames, origins, methods, reads."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from django.db import connection, transaction
from django.http.response import HttpResponseBase
from django.test import Client
from django.test.utils import CaptureQueriesContext
from pytest_django import DjangoDbBlocker

from kapnet.core.accounts.policies import EVIDENCE_ADMIN, may
from kapnet.core.people.models import Role
from tests.around import around_all
from tests.rounds import ROUNDS
from tests.whole.matrix.routes import Route, routes
from tests.whole.matrix.test_matrix import place_of
from tests.whole.matrix.world import World

pytestmark = pytest.mark.django_db

PAGES = [one for one in routes() if not one.is_admin]
ROLES = (*Role.values, EVIDENCE_ADMIN)
FOREIGN = {"Origin": "https://evil.example", "Access-Control-Request-Method": "POST"}
BY_SECRET = "evidence:stop_digest"
"""Ends a subscription by one click in a mail program (RFC 8058), which knows no page of ours."""

OFFERED_NOWHERE = ("TRACE", "PUT", "DELETE", "PATCH", "PROPFIND")
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
    with around_all():
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


@dataclass(frozen=True)
class Read:
    """How an address answered a GET from another origin, and what that wrote."""

    route: Route
    status: int
    headers: dict[str, str]
    written: list[tuple[str, str]]
    of_head: HttpResponseBase


@pytest.fixture(scope="module")
def reads(world: World, django_db_blocker: DjangoDbBlocker) -> list[Read]:
    """Every address, read once for all that has to hold."""
    with django_db_blocker.unblock():
        return [read(*one) for one in opened(world)]


def read(client: Client, route: Route, address: str) -> Read:
    with CaptureQueriesContext(connection) as asked:
        got = answer_to(client, "GET", address, headers=FOREIGN)
    of_head = answer_to(client, "HEAD", address)
    written = [written_by(one["sql"]) for one in asked.captured_queries]
    return Read(route, got.status_code, dict(got.headers), [one for one in written if one], of_head)


def written_by(statement: str) -> tuple[str, str] | None:
    """The verb and the table of a statement that writes."""
    verb, _, rest = statement.lstrip().partition(" ")
    table = rest.split('"')[1] if '"' in rest else rest
    return (verb, table) if verb in WRITES else None


def test_s38_no_read_changes_anything(reads: list[Read]) -> None:
    changed = [
        (one.route.name, *written)
        for one in reads
        for written in one.written
        if one.route.name != "account_logout" and not written[1].startswith(WRITTEN_BY_READS)
    ]

    assert changed == []


def test_s41_no_page_of_anybody_stands_in_a_frame(reads: list[Read]) -> None:
    for one in reads:
        assert one.headers["X-Frame-Options"] == "DENY", one.route.name
        policy = one.headers["Content-Security-Policy"]
        assert "frame-ancestors 'none'" in policy, one.route.name

    assert 200 in {one.status for one in reads}


def test_s42_no_other_origin_is_let_in_anywhere(world: World, reads: list[Read]) -> None:
    asked = {one.route.name: one.headers for one in reads}
    for client, route, address in opened(world):
        options = answer_to(client, "OPTIONS", address, headers=FOREIGN)
        for headers in (asked[route.name], options.headers):
            assert not [name for name in headers if name.lower().startswith("access-con")], route


def test_head_is_answered_as_get_is_at_every_address(reads: list[Read]) -> None:
    differ = [
        (one.route.name, one.status, one.of_head.status_code)
        for one in reads
        if (one.of_head.status_code, one.of_head.headers.keys()) != (one.status, one.headers.keys())
    ]

    assert differ == []
    assert {b"".join(one.of_head) for one in reads} == {b""}


def test_s56_methods_that_nobody_offers_are_refused_everywhere(world: World) -> None:
    """Two of them at each address, in turn; in `script/test whole` all."""
    answers: dict[str, set[int]] = {}

    for turn, (client, route, address) in enumerate(opened(world)):
        if route.name.startswith(OF_ALLAUTH):
            continue
        twice_round = [*OFFERED_NOWHERE, *OFFERED_NOWHERE][turn % 5 :: 3][:2]
        for method in OFFERED_NOWHERE if ROUNDS > 1 else twice_round:
            response = answer_to(client, method, address)
            answers.setdefault(route.name, set()).add(response.status_code)

    assert {name: codes for name, codes in answers.items() if codes != {405}} == {}
