"""Profile, and the people of a clinic."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from django.test import Client
from playwright.sync_api import Page

from kapnet.core.accounts.actions import LastManagerError, change_role, switch_person
from kapnet.core.audit.models import Event
from kapnet.core.people.models import Clinic, Membership, Role, User
from tests.factories import PASSWORD, make_member

pytestmark = pytest.mark.django_db

ClientFor = Callable[[User], Client]
INVITATION = {"name": "N. Newcomer", "email": "New@Test.example", "role": "therapist"}


def test_profile_is_saved_and_leaves_an_event(client_for: ClientFor, therapist: User) -> None:
    response = client_for(therapist).post(
        "/profile/", {"name": "Dr. New Name", "profession": "Psychologist", "is_staff": "on"}
    )

    therapist.refresh_from_db()
    assert response.status_code == 302
    assert (therapist.name, therapist.profession) == ("Dr. New Name", "Psychologist")
    assert not therapist.is_staff
    assert Event.objects.filter(action="profile.saved", actor=therapist).exists()


def test_profile_without_a_name_comes_back_with_what_was_typed(
    client_for: ClientFor, therapist: User
) -> None:
    response = client_for(therapist).post("/profile/", {"name": "", "phone": "555 0199"})

    assert response.status_code == 422
    assert b"There is a problem" in response.content
    assert b'value="555 0199"' in response.content


def test_invited_person_sets_a_password_once_and_signs_in(
    client_for: ClientFor, manager: User, clinic: Clinic
) -> None:
    client = client_for(manager)
    page = client.post("/clinic/", INVITATION, follow=True)
    (link,) = re.findall(r"http://testserver/accounts/password/link/[^<]+", page.content.decode())
    assert link not in client.get("/clinic/").content.decode()

    newcomer = Client()
    form = newcomer.get(link, follow=True).redirect_chain[-1][0]
    newcomer.post(form, {"password1": PASSWORD, "password2": PASSWORD})
    response = newcomer.post(
        "/accounts/login/", {"login": "new@test.example", "password": PASSWORD}
    )

    user = User.objects.get(email="new@test.example")
    assert response.status_code == 302
    assert (user.membership.clinic, user.membership.role) == (clinic, "therapist")
    assert not user.is_staff


def test_invitation_of_a_known_email_is_refused(client_for: ClientFor, manager: User) -> None:
    response = client_for(manager).post("/clinic/", {**INVITATION, "email": manager.email.upper()})

    assert response.status_code == 422
    assert b"There is an account with this email already." in response.content


def test_invitation_with_an_unknown_role_is_refused(client_for: ClientFor, manager: User) -> None:
    response = client_for(manager).post("/clinic/", {**INVITATION, "role": "evidence_admin"})

    assert response.status_code == 422
    assert not User.objects.filter(email="new@test.example").exists()


def test_manager_switches_a_person_off_and_on(
    client_for: ClientFor, manager: User, therapist: User
) -> None:
    client = client_for(manager)

    client.post(f"/clinic/people/{therapist.pk}/switch/")
    therapist.refresh_from_db()
    assert not therapist.is_active

    client.post(f"/clinic/people/{therapist.pk}/switch/")
    therapist.refresh_from_db()
    assert therapist.is_active


def test_manager_cannot_lock_themselves_out(client_for: ClientFor, manager: User) -> None:
    client_for(manager).post(f"/clinic/people/{manager.pk}/switch/")

    manager.refresh_from_db()
    assert manager.is_active


def test_no_new_link_for_someone_with_a_password(
    client_for: ClientFor, manager: User, therapist: User
) -> None:
    therapist.set_password(PASSWORD)
    therapist.save()

    client_for(manager).post(f"/clinic/people/{therapist.pk}/password-link/")

    assert not Event.objects.filter(action="person.password_link_made").exists()


def test_switching_by_a_link_is_refused(
    client_for: ClientFor, manager: User, therapist: User
) -> None:
    assert client_for(manager).get(f"/clinic/people/{therapist.pk}/switch/").status_code == 405


def test_manager_changes_a_role_and_it_stands_in_the_trail(
    client_for: ClientFor, manager: User, therapist: User
) -> None:
    client = client_for(manager)

    client.post(f"/clinic/people/{therapist.pk}/role/", {"role": "staff"})

    therapist.membership.refresh_from_db()
    event = Event.objects.get(action="person.role_changed")
    assert therapist.membership.role == "staff"
    assert (event.actor, event.reason) == (manager, "therapist to staff")


@pytest.mark.parametrize("role", ["", "owner", "evidence_admin"])
def test_role_that_is_none_is_refused(
    client_for: ClientFor, manager: User, therapist: User, role: str
) -> None:
    response = client_for(manager).post(f"/clinic/people/{therapist.pk}/role/", {"role": role})

    therapist.membership.refresh_from_db()
    assert response.status_code == 422
    assert therapist.membership.role == "therapist"


def test_manager_cannot_change_the_own_role(client_for: ClientFor, manager: User) -> None:
    client_for(manager).post(f"/clinic/people/{manager.pk}/role/", {"role": "staff"})

    manager.membership.refresh_from_db()
    assert manager.membership.role == "manager"


def test_last_manager_stays(manager: User, therapist: User) -> None:
    with pytest.raises(LastManagerError):
        switch_person(actor=therapist, membership=manager.membership, is_active=False)
    with pytest.raises(LastManagerError):
        change_role(actor=therapist, membership=manager.membership, role="staff")

    manager.refresh_from_db()
    assert manager.is_active
    assert Membership.objects.get(user=manager).role == "manager"


def test_one_of_two_managers_goes(clinic: Clinic, manager: User) -> None:
    second = make_member(clinic=clinic, role=Role.MANAGER)

    change_role(actor=manager, membership=second.membership, role="staff")

    assert Membership.objects.get(user=second).role == "staff"


@pytest.mark.django_db(transaction=True)
def test_role_page_is_accessible(
    signed_in_page: Callable[..., Page],
    manager: User,
    therapist: User,
    axe: Callable[[Page], None],
    reflows: Callable[[Page], None],
) -> None:
    page = signed_in_page(manager, viewport={"width": 320, "height": 800})

    page.goto("/clinic/")
    reflows(page)
    page.get_by_role("link", name="Change the role of").click()
    page.wait_for_url("**/role/")

    axe(page)
    reflows(page)
