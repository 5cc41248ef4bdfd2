"""The wall: who reaches which address, and what is written down when someone may not."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress

import pytest
from django.contrib.sessions.models import Session
from django.http import Http404
from django.test import Client, RequestFactory
from django.urls import NoReverseMatch, reverse
from django_scopes import scopes_disabled
from django_scopes.exceptions import ScopeError
from pytest_django import DjangoAssertNumQueries

from decisions.cases.models import Case
from kapnet.core.accounts.actions import switch_person
from kapnet.core.accounts.backends import ClinicBackend
from kapnet.core.accounts.policies import EVIDENCE_ADMIN, POLICIES, ROLES, may
from kapnet.core.accounts.shortcuts import get_or_404
from kapnet.core.audit.models import Event, Outcome
from kapnet.core.people.models import Clinic, Membership, User
from tests.collecting import for_each
from tests.whole.matrix.routes import Route, routes

pytestmark = pytest.mark.django_db

ClientFor = Callable[[User], Client]

PUBLIC = {
    "home",
    "about",
    "evidence:named_sources",
    "letters:verify",
    "desk:reply",
    "desk:reply_sent",
    "account_login",
    "mfa_authenticate",
    "account_logout",
    "account_inactive",
    "account_signup",
    "account_reset_password",
    "account_reset_password_done",
    "account_reset_password_from_key",
    "account_reset_password_from_key_done",
}
WITH_CODE = {"desk:reply_with"}
"""The same page, whatever code stands in the address."""
OF_A_PATIENT = {
    f"patient_forms:{name}"
    for name in ("start", "start_with_slash", "form", "help", "send", "thanks")
}
"""Pages of a patient's link, which `form_links` tries: a visitor without one gets no form."""
BY_SECRET = {"evidence:secret_feed", "evidence:stop_digest"}
"""Open to whoever holds the secret in the address, and to nobody else: a wrong one is 404."""

MISSING_ID = "6f1c7f0e-9c1c-4f0e-8b0e-0123456789ab"


def test_visitor_may_open_nothing_but_what_is_listed_here() -> None:
    """That they are led to the sign-in everywhere else is tried in tests/whole/matrix."""
    pages = [one for one in routes() if not one.is_admin]

    opened = {one.name for one in pages if may(None, one.action)}
    assert opened == PUBLIC | WITH_CODE | OF_A_PATIENT | BY_SECRET


@for_each("name", sorted(PUBLIC - {"account_reset_password_from_key"}))
def test_public_page_answers_a_visitor(name: str) -> None:
    assert Client().get(reverse(name)).status_code in (200, 302)


def test_visitor_leaves_no_session_behind_at_any_address() -> None:
    addresses = [found for one in routes() if (found := address_of(one))]

    for address in addresses:
        client = Client()
        client.get(address)
        client.post(address, {"title": "x" * 1000, "login": "who@example.test", "password": "x"})

    assert Session.objects.count() == 0
    assert len(addresses) > 100


def address_of(route: Route) -> str | None:
    """The address of a route with made-up objects."""
    for value in (MISSING_ID, "1", "2026-11-28"):
        with suppress(NoReverseMatch):
            return reverse(route.name, kwargs=dict.fromkeys(route.places, value))
    return None


@pytest.mark.django_db
@pytest.mark.parametrize("name", sorted(BY_SECRET))
def test_wrong_secret_is_404(name: str) -> None:
    assert Client().get(reverse(name, args=["a-wrong-secret"])).status_code == 404


def test_admin_sends_a_visitor_to_the_one_sign_in() -> None:
    response = Client().get("/admin/", follow=True)

    assert response.redirect_chain[-1][0].startswith("/accounts/login/")


def test_admin_is_closed_to_a_therapist(client_for: ClientFor, therapist: User) -> None:
    response = client_for(therapist).get("/admin/", follow=True)

    assert response.status_code == 403


def test_evidence_admin_sees_no_people_and_no_case(
    client_for: ClientFor, evidence_admin: User
) -> None:
    client = client_for(evidence_admin)

    assert client.get("/admin/").status_code == 200
    assert client.get("/admin/clinics/user/").status_code == 403
    assert client.get("/admin/clinics/membership/").status_code == 403
    assert client.get("/clinic/").status_code == 403


@for_each(
    ("role", "action", "expected"),
    [
        ("therapist", "case.work", True),
        ("staff", "case.work", False),
        ("manager", "case.work", False),
        (EVIDENCE_ADMIN, "case.work", False),
        ("therapist", "clinic.manage", False),
        ("manager", "clinic.manage", True),
        ("staff", "letter.export", True),
        (EVIDENCE_ADMIN, "evidence.curate", True),
        ("therapist", "evidence.curate", False),
        ("therapist", "no.such.action", False),
        (None, "evidence.read", False),
    ],
)
def test_policy_table(role: str | None, action: str, expected: bool) -> None:
    assert may(role, action) is expected


def test_policy_table_names_known_roles_only() -> None:
    assert all(one.roles <= set(ROLES) for one in POLICIES.values())


def test_wrong_role_gets_the_403_page_and_an_event(
    client_for: ClientFor, therapist: User, clinic: Clinic
) -> None:
    response = client_for(therapist).get("/clinic/")

    event = Event.objects.get(outcome=Outcome.REFUSED)
    assert response.status_code == 403
    assert (event.actor, event.clinic, event.object_id) == (therapist, clinic, "clinic")


def test_person_of_another_clinic_is_404_and_an_event(
    client_for: ClientFor, manager: User, other_therapist: User
) -> None:
    response = client_for(manager).post(f"/clinic/people/{other_therapist.pk}/switch/")

    event = Event.objects.get(outcome=Outcome.REFUSED)
    other_therapist.refresh_from_db()
    assert response.status_code == 404
    assert (event.actor, event.object_id) == (manager, str(other_therapist.pk))
    assert other_therapist.is_active


def test_get_or_404_writes_down_what_was_asked_for(therapist: User, clinic: Clinic) -> None:
    request = RequestFactory().get("/")
    request.user = therapist

    with pytest.raises(Http404):
        get_or_404(
            request,
            Membership.objects.none(),
            action="case.read",
            object_type="case",
            pk=MISSING_ID,
        )

    assert Event.objects.get().object_id == MISSING_ID


def test_scoped_rows_refuse_to_answer_without_a_clinic() -> None:
    with pytest.raises(ScopeError):
        Case.objects.count()
    with scopes_disabled():
        assert Case.objects.count() == 0


def test_signed_in_user_comes_with_clinic_in_one_query(
    therapist: User, clinic: Clinic, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_num_queries(1):
        user = ClinicBackend().get_user(therapist.pk)
        assert user is not None
        assert user.membership.clinic == clinic


def test_deactivated_person_is_out_with_the_next_request(
    client_for: ClientFor, therapist: User, manager: User
) -> None:
    client = client_for(therapist)
    assert client.get("/profile/").status_code == 200

    switch_person(actor=manager, membership=therapist.membership, is_active=False)

    assert client.get("/profile/").status_code == 302


def test_person_without_a_place_is_told_so(client_for: ClientFor, therapist: User) -> None:
    Membership.objects.filter(user=therapist).update(is_active=False)

    response = client_for(therapist).get("/")

    assert b"You have no place in a clinic" in response.content


def test_evidence_admin_has_no_clinic_even_with_a_membership(
    client_for: ClientFor, manager: User
) -> None:
    User.objects.filter(pk=manager.pk).update(is_evidence_admin=True)

    assert client_for(manager).get("/clinic/").status_code == 403
