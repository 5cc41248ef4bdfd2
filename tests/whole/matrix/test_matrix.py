"""Every address, asked by everybody for their own things, for others' and for what is not there.

S-01 to S-03, S-05 and S-06. What is expected follows from the table of policies alone: an address
whose view names no action, or whose objects nobody makes here, fails.
"""

from __future__ import annotations

from http.cookies import SimpleCookie
from typing import Any

import pytest
from django.db import transaction
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from kapnet.core.accounts.policies import ANYONE, EVIDENCE_ADMIN, OWNER, POLICIES
from kapnet.core.audit.models import Event, Outcome
from kapnet.core.people.models import Role
from tests.around import around_all
from tests.collecting import for_each
from tests.rounds import ROUNDS
from tests.whole.matrix.routes import Route, routes
from tests.whole.matrix.world import PATIENT, World, has_walled_object

pytestmark = pytest.mark.django_db

IN_CLINIC = (*Role.values, EVIDENCE_ADMIN)
METHODS = ("get", "post")
HTMX = {"HX-Request": "true", "HX-Current-URL": "http://testserver/about/"}
Ways = list[tuple[str, dict[str, str]]]
WAYS: Ways = [(method, headers) for method in METHODS for headers in ({}, HTMX)]


def is_for(role: str | None, action: str) -> bool:
    """What the table says, read without the app's own reading of it."""
    return not POLICIES[action].roles.isdisjoint({ANYONE, role})


PAGES = [one for one in routes() if not one.is_admin]
WALLED = [one for one in PAGES if has_walled_object(one)]
ADMIN = [one for one in routes() if one.is_admin and not one.name.endswith(":None")]
ABSENT = {
    "account_reset_password_from_key",
    "mfa_deactivate_totp",
    "mfa_remove_webauthn",
    "mfa_view_recovery_codes",
}
"""Not found for somebody who has none, as the people of this world."""
ADMIN_PLACES = {
    "object_id": "1",
    "app_label": "clinics",
    "content_type_id": "1",
}
OF_THE_OWNER = ("admin:clinics_", "admin:account_", "admin:mfa_", "admin:django_tasks_")


def by_name(route: Route) -> str:
    return route.name


def ask(
    client: Client, address: str, method: str, headers: dict[str, str]
) -> tuple[HttpResponse, list[Event]]:
    """The answer, and what it wrote into the audit log; the database stays as it was."""
    cookies = client.cookies.output(header="", sep=";")
    newest = Event.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
    with around_all():
        response: Any = getattr(client, method)(address, headers=headers)
        events = list(Event.objects.filter(pk__gt=newest, outcome=Outcome.REFUSED))
        transaction.set_rollback(True)
    client.cookies = SimpleCookie(cookies)
    return response, events


def in_turn(turn: int, *, ways: int = 1) -> Ways:
    """One way to ask an address, or so many, another first for each turn.

    So four people ask an address in the four ways. In `script/test whole` each asks in all.
    """
    if ROUNDS > 1:
        return WAYS
    turned = [*WAYS[turn % len(WAYS) :], *WAYS[: turn % len(WAYS)]]
    return turned[:: len(WAYS) // ways]


def place_of(route: Route, names: dict[str, object]) -> str:
    if route.name == "account_reset_password_from_key":
        return "/accounts/password/link/abc-no-such-key/"
    return reverse(route.name, kwargs=names)


@for_each("route", PAGES, ids=by_name)
def test_s01_every_address_names_an_action_of_the_table(route: Route) -> None:
    assert route.action in POLICIES


@for_each("route", [one for one in PAGES if not is_for(None, one.action)], ids=by_name)
def test_s01_visitor_is_led_to_sign_in(world: World, route: Route) -> None:
    """Whether or not something is there."""
    for turn, names in enumerate((world.own(route), world.nowhere(route)), PAGES.index(route)):
        for method, headers in in_turn(turn, ways=2):
            response, _ = ask(world.clients[ANYONE], place_of(route, names), method, headers)

            seen = (response.status_code, response.get("HX-Redirect", response.get("Location", "")))
            if headers and method == "post":
                assert seen[0] == 401
            else:
                assert seen[0] == (200 if headers else 302)
                assert seen[1].startswith("/accounts/login/?next=/")


@for_each("route", [one for one in PAGES if not is_for(None, one.action)], ids=by_name)
def test_s01_patient_by_link_is_a_visitor_everywhere_else(world: World, route: Route) -> None:
    """The cookie of a patient's form opens that form and nothing else."""
    response, _ = ask(world.patient, place_of(route, world.own(route)), "get", {})
    assert response.status_code == 302
    assert response["Location"].startswith("/accounts/login/")


def test_s01_patient_by_link_opens_their_form(world: World) -> None:
    response, _ = ask(world.patient, reverse("patient_forms:form"), "get", {})
    assert response.status_code == 200


@for_each("route", PAGES, ids=by_name)
def test_s01_s06_role_decides_and_htmx_changes_nothing(world: World, route: Route) -> None:
    address = place_of(route, world.own(route))

    for turn, role in enumerate(IN_CLINIC, PAGES.index(route)):
        for method, headers in in_turn(turn):
            response, refused = ask(world.clients[role], address, method, headers)

            said = f"{role} {method} {headers and 'htmx'}: {response.status_code}"
            if is_for(role, route.action):
                assert response.status_code < 500, said
                assert response.status_code != 403, said
                assert method == "post" or response.status_code != 404 or route.name in ABSENT, said
            else:
                assert response.status_code == 403, said
                assert [one.action for one in refused] == ["page.open"], said
                assert PATIENT not in response.content.decode(), said


@for_each("route", WALLED, ids=by_name)
def test_s02_s03_another_clinics_object_is_not_found_and_written_down(
    world: World, route: Route
) -> None:
    for turn, (role, client) in enumerate(world.outsiders.items(), WALLED.index(route)):
        if is_for(role, route.action):
            assert_not_found(client, place_of(route, world.own(route)), in_turn(turn, ways=2))


@for_each("route", WALLED, ids=by_name)
def test_s02_s03_what_is_not_there_looks_the_same(world: World, route: Route) -> None:
    address = place_of(route, world.missing(route))
    for turn, role in enumerate(Role.values, WALLED.index(route)):
        if is_for(role, route.action):
            assert_not_found(world.clients[role], address, in_turn(turn, ways=2))


NESTED = [one for one in WALLED if {"case_id", "letter_id"} <= set(one.places)]


@for_each("route", NESTED, ids=by_name)
def test_s05_letter_of_another_case_is_not_found(world: World, route: Route) -> None:
    mixed = {**world.own(route), "letter_id": world.signed_id}

    assert_not_found(world.clients[Role.THERAPIST], place_of(route, mixed), WAYS)


def assert_not_found(client: Client, address: str, ways: Ways) -> None:
    """404 and one refused attempt in the audit log; 405 for a method that is not taken."""
    answers = [ask(client, address, method, headers) for method, headers in ways]

    assert {response.status_code for response, _ in answers} <= {404, 405}
    assert any(response.status_code == 404 for response, _ in answers)
    for response, refused in answers:
        assert PATIENT not in response.content.decode()
        assert response.status_code == 405 or len(refused) == 1


@for_each("route", ADMIN, ids=by_name)
def test_s01_admin_is_for_evidence_admins_and_owners(world: World, route: Route) -> None:
    names = {name: ADMIN_PLACES[name] for name in route.places}
    address = reverse(route.name, kwargs=names)

    for turn, (role, client) in enumerate(world.clients.items(), ADMIN.index(route)):
        for method in METHODS if ROUNDS > 1 else METHODS[turn % 2 :][:1]:
            response, _ = ask(client, address, method, {})

            said = f"{role} {method} {response.status_code}"
            assert response.status_code < 500, said
            if role not in (EVIDENCE_ADMIN, OWNER):
                assert response.status_code in (302, 403), said
            elif role == EVIDENCE_ADMIN and route.name.startswith(OF_THE_OWNER):
                assert response.status_code in (302, 403, 404), said
