"""No request breaks a page: each address by each who may open it, with its own forms spoiled.

TEST_ROUNDS=50 pytest tests/whole/hostile sends fifty times as many, other ones each time.
"""

from __future__ import annotations

import time
from http.cookies import SimpleCookie
from typing import Any

import pytest
from django.contrib import admin
from django.contrib.admin.utils import quote
from django.db import transaction
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from django_scopes import scopes_disabled
from hypothesis import given
from hypothesis import strategies as st

from kapnet.core.accounts.policies import EVIDENCE_ADMIN, OWNER, may
from tests.around import around_all
from tests.collecting import for_each
from tests.rounds import hostile, others_for
from tests.whole.hostile.attacks import Attack, attacks
from tests.whole.hostile.page_forms import PageForm, forms_in
from tests.whole.matrix.routes import Route, routes
from tests.whole.matrix.test_matrix import ADMIN_PLACES, place_of
from tests.whole.matrix.world import World

pytestmark = pytest.mark.django_db

SECONDS = 10
"""Of processor time that no request may take: it would keep a worker from everybody else."""

SHOWN = list(admin.site._registry)
ROUTES = [one for one in routes() if not one.name.endswith(":None")]


def send(client: Client, attack: Attack) -> HttpResponse:
    """The answer; the database and the cookies stay as they were."""
    cookies = client.cookies.output(header="", sep=";")
    heads = dict(attack.heads)
    with around_all():
        answer: Any = client.generic(
            attack.method,
            attack.path,
            attack.body,
            attack.content_type,
            headers=heads,
            QUERY_STRING=attack.query,
        )
        response: HttpResponse = answer
        b"".join(response)
        transaction.set_rollback(True)
    client.cookies = SimpleCookie(cookies)
    return response


def who_may(world: World, route: Route) -> list[Client]:
    if route.is_admin:
        return [world.clients[EVIDENCE_ADMIN], world.clients[OWNER]]
    return [one for role, one in world.clients.items() if may(role, route.action)][:3]


def own_place(world: World, route: Route) -> tuple[str, dict[str, object]]:
    if route.is_admin:
        names: dict[str, object] = {name: ADMIN_PLACES[name] for name in route.places}
        if "object_id" in names:
            names["object_id"] = row_of(route)
        return reverse(route.name, kwargs=names), names
    return place_of(route, world.own(route)), world.own(route)


def row_of(route: Route) -> object:
    """The key of a row that this page of the admin shows; 1 where there is none."""
    prefixes = {f"admin:{one._meta.label_lower.replace('.', '_')}_": one for one in SHOWN}
    model = next((one for start, one in prefixes.items() if route.name.startswith(start)), None)
    with scopes_disabled():
        first = model._base_manager.first() if model else None
    return quote(first.pk) if first else 1


FORMS: dict[tuple[int, str], list[PageForm]] = {}


def forms_of(client: Client, path: str) -> list[PageForm]:
    """The forms of a page; an address that shows none takes one without fields."""
    known = id(client), path
    if known not in FORMS:
        page = send(client, Attack("GET", path, "", b"", "", ()))
        is_page = page["Content-Type"].startswith("text/html") and page.status_code == 200
        found = forms_in(b"".join(page).decode()) if is_page else []
        FORMS[known] = [*found, PageForm("", "post")]
    return FORMS[known]


@for_each("route", ROUTES, ids=lambda one: one.name)
def test_no_request_breaks_a_page(world: World, route: Route) -> None:
    path, places = own_place(world, route)
    values = [str(one) for one in places.values()]

    @others_for(route.name)
    @hostile(examples=1, in_whole=2)
    @given(data=st.data())
    def no_request_breaks_it(data: st.DataObject) -> None:
        client = data.draw(st.sampled_from(who_may(world, route)))
        attack = data.draw(attacks(path, values, forms_of(client, path)))

        started = time.process_time()
        response = send(client, attack)

        assert response.status_code < 500
        assert time.process_time() - started < SECONDS

    no_request_breaks_it()


@for_each("kind", ["source", "position", "caution", "claim", "a%00b"])
@for_each("shown", ["", "versions/", "withdraw/"])
@for_each("key", ["%00", "a%00b"])
def test_s02_key_with_a_nul_is_not_found(world: World, kind: str, shown: str, key: str) -> None:
    attack = Attack("GET", f"/curation/entries/{kind}/{key}/{shown}", "", b"", "", ())

    assert send(world.clients[EVIDENCE_ADMIN], attack).status_code == 404


@for_each("made", ["changes", "releases", "imports"])
@for_each("key", ["-", "a_00b", "9" * 5000, str(10**30)])
def test_s02_key_that_is_no_key_is_not_found(world: World, made: str, key: str) -> None:
    address = f"/curation/{made}/{key}/"

    for method in ("GET", "POST"):
        attack = Attack(method, address, "", b"", "", ())
        expected = {404, 405} if (made, method) == ("releases", "POST") else {404}
        assert send(world.clients[EVIDENCE_ADMIN], attack).status_code in expected
