"""People are told who comes to read their cases and what the owner of the installation does."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP
from django.contrib import admin
from django.contrib.auth.models import Group
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django_tasks_db.models import DBTaskResult
from playwright.sync_api import Page, expect

from kapnet.core.accounts.admin import OwnerOnlyAdmin
from kapnet.core.audit.models import Event
from kapnet.core.notices.telling import SHOWN_FOR, notices_for
from kapnet.core.people.models import Clinic, Membership, Role, User
from tests.collecting import for_each
from tests.factories import PASSWORD, make_clinic, make_member, make_user
from tests.worker import worked

pytestmark = pytest.mark.django_db
committed = pytest.mark.django_db(transaction=True)
"""Jobs for the worker are there once what was done is stored."""

Clients = Callable[[User], Client]
Check = Callable[[Page], None]
MADE = "person.therapist_made"


@pytest.fixture
def owner() -> User:
    """Keeps the installation."""
    user = make_user(name="O. Owner", is_evidence_admin=True)
    user.is_superuser = True
    user.save(update_fields=["is_superuser"])
    return user


@pytest.fixture
def colleague(clinic: Clinic) -> User:
    """Another therapist of the clinic."""
    return make_member(clinic=clinic, role=Role.THERAPIST, name="Dr. C. Colleague")


def mailed() -> list[str]:
    """Who got a mail, once the worker has run."""
    worked()
    return sorted(one.to[0] for one in mail.outbox)


def words_of(person: User) -> list[str]:
    """What the person is told on their first page."""
    place = Membership.objects.select_related("user", "clinic").get(user=person)
    return [one.words for one in notices_for(place)]


# A new therapist, however made


def invited(client: Client, clinic: Clinic) -> None:
    fields = {"name": "Dr. Paul Pet", "email": "pet@test.example", "role": "therapist"}
    client.post("/clinic/", fields)


def changed_role(client: Client, clinic: Clinic) -> None:
    person = make_member(clinic=clinic, role=Role.STAFF, name="Dr. Paul Pet")
    client.post(f"/clinic/people/{person.pk}/role/", {"role": "therapist"})


def let_back_in(client: Client, clinic: Clinic) -> None:
    person = make_member(clinic=clinic, role=Role.THERAPIST, name="Dr. Paul Pet")
    for _ in range(2):
        client.post(f"/clinic/people/{person.pk}/switch/")


BY_MANAGER = [invited, changed_role, let_back_in]


@committed
@pytest.mark.parametrize("make", BY_MANAGER, ids=lambda one: one.__name__)
def test_therapist_made_by_a_manager_is_told_to_therapists_and_managers(
    therapist: User,
    staff: User,
    manager: User,
    clinic: Clinic,
    client_for: Clients,
    make: Callable[[Client, Clinic], None],
) -> None:
    second = make_member(clinic=clinic, role=Role.MANAGER)
    make_member(clinic=make_clinic(name="Elsewhere"), role=Role.THERAPIST)

    make(client_for(manager), clinic)

    assert words_of(therapist) == ["M. Manager made Dr. Paul Pet a therapist of the clinic."]
    assert words_of(second) == words_of(therapist)
    assert words_of(manager) == words_of(staff) == []
    assert mailed() == sorted([therapist.email, second.email])
    event = Event.objects.get(action=MADE)
    assert (event.actor, event.clinic) == (manager, clinic)


def added(client: Client, clinic: Clinic) -> User:
    person = make_user(name="Dr. Paul Pet")
    place = {"user": person.pk, "clinic": clinic.pk, "role": "therapist", "is_active": "on"}
    client.post("/admin/clinics/membership/add/", place)
    return person


def changed_in_the_admin(client: Client, clinic: Clinic) -> User:
    person = make_member(clinic=clinic, role=Role.STAFF, name="Dr. Paul Pet")
    change_place(client, person, clinic=clinic.pk, role="therapist", is_active="on")
    return person


def moved(client: Client, clinic: Clinic) -> User:
    person = make_member(clinic=make_clinic(name="B"), role=Role.THERAPIST, name="Dr. Paul Pet")
    change_place(client, person, clinic=clinic.pk, role="therapist", is_active="on")
    return person


def reactivated(client: Client, clinic: Clinic) -> User:
    person = make_member(clinic=clinic, role=Role.THERAPIST, name="Dr. Paul Pet")
    change_account(client, person)
    change_account(client, person, is_active="on")
    return person


def no_curator_any_more(client: Client, clinic: Clinic) -> User:
    person = make_member(clinic=clinic, role=Role.THERAPIST, name="Dr. Paul Pet")
    User.objects.filter(pk=person.pk).update(is_evidence_admin=True)
    Membership.objects.filter(user=person).update(announced_at=None)
    change_account(client, person, is_active="on")
    return person


BY_OWNER = [added, changed_in_the_admin, moved, reactivated, no_curator_any_more]


def change_place(client: Client, person: User, **fields: Any) -> None:
    address = reverse("admin:clinics_membership_change", args=[person.membership.pk])
    assert client.post(address, fields).status_code == 302


def change_account(client: Client, person: User, **fields: Any) -> None:
    address = reverse("admin:clinics_user_change", args=[person.pk])
    said = {"email": person.email, "name": person.name, **fields}
    assert client.post(address, said).status_code == 302


@committed
@pytest.mark.parametrize("make", BY_OWNER, ids=lambda one: one.__name__)
def test_therapist_made_by_the_owner_is_told_to_therapists_and_managers(
    therapist: User,
    manager: User,
    owner: User,
    clinic: Clinic,
    client_for: Clients,
    make: Callable[[Client, Clinic], User],
) -> None:
    make(client_for(owner), clinic)

    told = "O. Owner made Dr. Paul Pet a therapist of the clinic."
    assert told in words_of(therapist)
    assert told in words_of(manager)
    assert {therapist.email, manager.email} <= set(mailed())
    assert Event.objects.filter(action=MADE, clinic=clinic).count() == 1


@committed
def test_therapist_made_past_every_page_is_told_before_they_see_anything(
    therapist: User, manager: User, clinic: Clinic, client_for: Clients
) -> None:
    """As by a statement in the database, while the person is signed in."""
    person = make_member(clinic=clinic, role=Role.STAFF, name="Dr. Paul Pet")
    client = client_for(person)
    Membership.objects.filter(user=person).update(role=Role.THERAPIST)

    client.get("/cases/?whose=clinic")

    actions = list(Event.objects.order_by("pk").values_list("action", flat=True))
    assert actions.index(MADE) < actions.index("case.listed")
    assert words_of(therapist) == [
        "Dr. Paul Pet is a therapist of the clinic now. Who did this is not known."
    ]
    assert mailed() == sorted([therapist.email, manager.email])


def test_therapist_who_was_told_of_is_told_of_once(
    therapist: User, colleague: User, manager: User, client_for: Clients
) -> None:
    client_for(colleague).get("/cases/")
    client_for(manager).post(f"/clinic/people/{colleague.pk}/role/", {"role": "therapist"})

    assert not Event.objects.filter(action=MADE).exists()


def test_therapist_who_stops_and_begins_again_is_told_of_again(
    therapist: User, colleague: User, manager: User, client_for: Clients
) -> None:
    client = client_for(manager)

    for role in ("staff", "therapist"):
        client.post(f"/clinic/people/{colleague.pk}/role/", {"role": role})

    assert len(words_of(therapist)) == 1


def test_staff_and_managers_who_come_are_told_to_nobody(
    therapist: User, manager: User, clinic: Clinic, client_for: Clients
) -> None:
    client = client_for(manager)
    for role in ("staff", "manager"):
        fields = {"name": "N. New", "email": f"{role}@test.example", "role": role}
        client.post("/clinic/", fields)

    assert words_of(therapist) == []


# Notices


@pytest.fixture
def notice(therapist: User, manager: User, clinic: Clinic, client_for: Clients) -> Event:
    """A new therapist of whom all are told."""
    invited(client_for(manager), clinic)
    return Event.objects.get(action=MADE)


def test_notice_stays_until_its_person_has_seen_it(
    notice: Event, therapist: User, colleague: User, client_for: Clients
) -> None:
    client = client_for(therapist)

    before = client.get("/cases/").content.decode()
    answer = client.post(reverse("notices_seen"), {"event": notice.pk})
    after = client.get("/cases/").content.decode()

    assert "M. Manager made Dr. Paul Pet a therapist" in before
    assert f'name="event" value="{notice.pk}"' in before
    assert answer["Location"] == "/"
    assert "Dr. Paul Pet" not in after
    seen = Event.objects.get(action="notice.seen")
    assert (seen.actor, seen.object_id) == (therapist, str(notice.pk))


def test_notice_that_one_has_seen_stays_for_another(
    notice: Event, therapist: User, clinic: Clinic, client_for: Clients
) -> None:
    other = make_member(clinic=clinic, role=Role.THERAPIST)
    Membership.objects.filter(user=other).update(created_at=notice.at - timedelta(days=1))

    client_for(therapist).post(reverse("notices_seen"), {"event": notice.pk})

    assert words_of(therapist) == []
    assert len(words_of(other)) == 1


def test_notice_of_another_clinic_is_not_marked(
    notice: Event, other_therapist: User, client_for: Clients
) -> None:
    client_for(other_therapist).post(reverse("notices_seen"), {"event": [notice.pk, "x", 10**20]})

    assert not Event.objects.filter(action="notice.seen").exists()


def test_who_came_later_is_told_of_nothing_before(notice: Event, clinic: Clinic) -> None:
    assert words_of(make_member(clinic=clinic, role=Role.THERAPIST)) == []


def test_notice_ends_with_its_time(notice: Event, therapist: User) -> None:
    Membership.objects.update(created_at=notice.at - timedelta(days=1000))

    with time_machine.travel(timezone.now() + SHOWN_FOR - timedelta(minutes=5), tick=False):
        assert len(words_of(therapist)) == 1
    with time_machine.travel(timezone.now() + SHOWN_FOR + timedelta(minutes=5), tick=False):
        assert words_of(therapist) == []


@committed
def test_mail_names_nobody_and_says_where_to_look(
    notice: Event, therapist: User, settings: Any
) -> None:
    settings.SITE_ADDRESS = "https://kapnet.test.example"

    worked()

    (sent,) = [one for one in mail.outbox if one.to == [therapist.email]]
    whole = f"{sent.subject} {sent.body}"
    assert "https://kapnet.test.example/" in whole
    assert "Demo clinic" in whole
    assert not re.search(r"Paul|Pet|Manager,|pet@", whole)
    assert sent.extra_headers == {"Auto-Submitted": "auto-generated"}


@committed
@pytest.mark.parametrize("scripts", [True, False])
def test_notice_is_read_and_marked_by_keyboard(
    notice: Event,
    therapist: User,
    signed_in_page: Callable[..., Page],
    fits: Check,
    scripts: bool,
) -> None:
    page = signed_in_page(therapist, java_script_enabled=scripts)

    page.goto("/cases/")
    if scripts:
        fits(page)
    page.get_by_role("button", name="I have seen this").focus()
    page.keyboard.press("Enter")

    page.wait_for_url("**/cases/")
    expect(page.get_by_text("Dr. Paul Pet")).to_have_count(0)


# What the owner does in the admin


@contextmanager
def one_act(clinic: Clinic, action: str, owner: User) -> Iterator[None]:
    """Exactly one event of the owner in the clinic's log, and its managers are told."""
    newest = Event.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
    yield
    events = Event.objects.filter(pk__gt=newest, action__startswith="owner.", clinic=clinic)
    assert [(one.action, one.actor) for one in events] == [(action, owner)]


@committed
def test_account_that_is_changed_is_in_the_log_and_told(
    staff: User, manager: User, owner: User, clinic: Clinic, client_for: Clients
) -> None:
    old = staff.email
    with one_act(clinic, "owner.person_changed", owner):
        change_account(client_for(owner), staff, email="Attacker@evil.example", is_active="on")

    event = Event.objects.get(action="owner.person_changed")
    assert (event.object_id, event.reason) == (str(staff.pk), "email")
    assert words_of(manager) == [
        "O. Owner, who keeps the installation, changed an account: S. Staff (email)."
    ]
    assert mailed() == sorted([manager.email, old, "attacker@evil.example"])


@committed
def test_old_address_of_an_account_opens_it_no_more(
    staff: User, manager: User, owner: User, client_for: Clients
) -> None:
    old = staff.email
    EmailAddress.objects.create(user=staff, email=old, primary=True, verified=True)
    change_account(client_for(owner), staff, email="new@test.example", is_active="on")
    worked()
    mail.outbox.clear()

    Client().post("/accounts/password/forgot/", {"email": old})

    assert mailed() == []


def test_flags_that_let_somebody_do_more_are_named(
    staff: User, manager: User, owner: User, clinic: Clinic, client_for: Clients
) -> None:
    with one_act(clinic, "owner.person_changed", owner):
        change_account(client_for(owner), staff, is_active="on", is_staff="on")

    event = Event.objects.get(action="owner.person_changed")
    assert event.reason == "may open the admin: no to yes"


@committed
def test_role_that_the_owner_changes_is_in_the_log_and_told(
    staff: User, manager: User, owner: User, clinic: Clinic, client_for: Clients
) -> None:
    with one_act(clinic, "owner.membership_changed", owner):
        change_place(client_for(owner), staff, clinic=clinic.pk, role="manager", is_active="on")

    event = Event.objects.get(action="owner.membership_changed")
    assert (event.object_id, event.reason) == (str(staff.pk), "role: staff to manager")
    assert "role: staff to manager" in words_of(manager)[0]
    assert {manager.email, staff.email} <= set(mailed())


@committed
def test_place_that_moves_is_in_the_log_of_both_clinics(
    staff: User, manager: User, owner: User, clinic: Clinic, client_for: Clients
) -> None:
    elsewhere = make_clinic(name="Elsewhere")

    change_place(client_for(owner), staff, clinic=elsewhere.pk, role="staff", is_active="on")
    told = mailed()

    events = Event.objects.filter(action="owner.membership_changed")
    assert {one.clinic for one in events} == {clinic, elsewhere}
    assert told == sorted([manager.email, staff.email, staff.email])


def test_new_place_and_changed_clinic_are_in_the_log(
    manager: User, owner: User, clinic: Clinic, client_for: Clients
) -> None:
    client, person = client_for(owner), make_user(name="N. New")

    with one_act(clinic, "owner.membership_added", owner):
        client.post(
            "/admin/clinics/membership/add/",
            {"user": person.pk, "clinic": clinic.pk, "role": "staff", "is_active": "on"},
        )
    address = reverse("admin:clinics_clinic_change", args=[clinic.pk])
    with one_act(clinic, "owner.clinic_changed", owner):
        sent = {"name": clinic.name, "address": "9 Other Street", "time_zone": "Mars/North"}
        client.post(address, sent)
    client.post(address, {"name": "Harbor\u202e Clinic", "address": "1 Street"})
    clinic.refresh_from_db()
    assert (clinic.name, clinic.time_zone) == (sent["name"], "")
    assert len(words_of(manager)) == 2


@committed
def test_clinic_and_account_without_a_clinic_leave_an_event(
    owner: User, client_for: Clients
) -> None:
    client = client_for(owner)

    client.post("/admin/clinics/clinic/add/", {"name": "New clinic"})
    fields = {"email": "new@test.example", "name": "N. New", "is_active": "on"}
    client.post("/admin/clinics/user/add/", fields)

    actions = set(Event.objects.values_list("action", flat=True))
    assert {"owner.clinic_added", "owner.person_added"} <= actions
    assert mailed() == ["new@test.example"]


@committed
@pytest.mark.parametrize("way", ["one", "many"])
def test_second_factor_that_is_removed_is_in_the_log_and_told(
    therapist: User, manager: User, owner: User, clinic: Clinic, client_for: Clients, way: str
) -> None:
    TOTP.activate(therapist, "JBSWY3DPEHPK3PXP")
    row, signed_in = Authenticator.objects.get(), client_for(therapist)
    client = client_for(owner)

    with one_act(clinic, "owner.second_factor_removed", owner):
        if way == "one":
            address = reverse("admin:mfa_authenticator_delete", args=[row.pk])
            client.post(address, {"post": "yes"})
        else:
            chosen = {"action": "delete_selected", "_selected_action": row.pk, "post": "yes"}
            client.post("/admin/mfa/authenticator/", chosen)

    assert not Authenticator.objects.exists()
    assert signed_in.get("/profile/").status_code == 302
    assert {manager.email, therapist.email} <= set(mailed())


@pytest.mark.parametrize("page", ["add/", "{}/change/"])
def test_nobody_makes_or_changes_a_second_factor_for_another(
    therapist: User, owner: User, client_for: Clients, page: str
) -> None:
    TOTP.activate(therapist, "JBSWY3DPEHPK3PXP")
    row = Authenticator.objects.get()
    before = row.data
    address = f"/admin/mfa/authenticator/{page.format(row.pk)}"

    client_for(owner).post(address, {"user": owner.pk, "type": "totp", "data": "{}"})

    row.refresh_from_db()
    assert (row.user, row.data) == (therapist, before)
    assert Authenticator.objects.count() == 1


def test_nothing_about_people_is_in_the_admin_past_the_log() -> None:
    """What is registered is written down and told."""
    for model, kept in admin.site._registry.items():
        assert isinstance(kept, OwnerOnlyAdmin), model
    for model in (EmailAddress, DBTaskResult, Group):
        assert not admin.site.is_registered(model)


def test_save_that_changes_nothing_leaves_no_event(
    staff: User, manager: User, owner: User, client_for: Clients
) -> None:
    change_account(client_for(owner), staff, is_active="on")

    assert not Event.objects.filter(action__startswith="owner.").exists()


def test_password_is_changed_on_one_page_only(owner: User, client_for: Clients) -> None:
    client = client_for(owner)

    assert client.get("/admin/password_change/")["Location"] == reverse("account_change_password")
    assert client.post("/admin/password_change/", {"new_password1": "x"}).status_code == 302


# Whoever keeps the installation works in no clinic


@pytest.mark.parametrize("flag", ["is_superuser", "is_evidence_admin"])
def test_keeper_gets_no_place_in_a_clinic(
    owner: User, clinic: Clinic, client_for: Clients, flag: str
) -> None:
    person = make_user(name="K. Keeper")
    User.objects.filter(pk=person.pk).update(**{flag: True})

    page = client_for(owner).post(
        "/admin/clinics/membership/add/",
        {"user": person.pk, "clinic": clinic.pk, "role": "therapist", "is_active": "on"},
    )

    assert "do not work in a clinic" in page.content.decode()
    assert not Membership.objects.exists()


def test_person_of_a_clinic_becomes_no_keeper(
    staff: User, owner: User, client_for: Clients
) -> None:
    address = reverse("admin:clinics_user_change", args=[staff.pk])
    said = {"email": staff.email, "name": staff.name, "is_active": "on"}

    page = client_for(owner).post(address, {**said, "is_evidence_admin": "on"})

    staff.refresh_from_db()
    assert "do not work in a clinic" in page.content.decode()
    assert not staff.is_evidence_admin


@pytest.mark.parametrize("address", ["add/", "{}/change/"])
def test_owner_is_not_made_on_a_page(
    staff: User, owner: User, client_for: Clients, address: str
) -> None:
    said = {"email": "other@test.example", "name": "N. New", "is_superuser": "on"}

    page = client_for(owner).post(f"/admin/clinics/user/{address.format(staff.pk)}", said)

    assert "made on the machine" in page.content.decode()
    assert User.objects.filter(is_superuser=True).count() == 1


def test_superuser_with_a_place_opens_no_case(
    therapist: User, clinic: Clinic, client_for: Clients
) -> None:
    """As the owner who takes the flag of an evidence admin off, having given themselves a place."""
    User.objects.filter(pk=therapist.pk).update(is_superuser=True)

    assert client_for(User.objects.get(pk=therapist.pk)).get("/cases/").status_code == 403


# A manager and the accounts of the owner


KEEPERS = ["is_superuser", "is_evidence_admin", "is_staff"]
STEPS = ["switch", "role", "second-step/reset", "password-link", "password-link/show"]


@pytest.mark.parametrize("flag", KEEPERS)
@for_each("step", STEPS)
def test_manager_changes_nothing_of_an_account_that_the_owner_keeps(
    manager: User, clinic: Clinic, client_for: Clients, flag: str, step: str, settings: Any
) -> None:
    person = make_member(clinic=clinic, role=Role.STAFF, name="K. Keeper")
    User.objects.filter(pk=person.pk).update(**{flag: True})
    TOTP.activate(person, "JBSWY3DPEHPK3PXP")
    Event.objects.create(
        action="person.password_link_made",
        actor=manager,
        clinic=clinic,
        object_type="account",
        object_id=str(person.pk),
    )
    client = client_for(manager)

    answer = client.post(f"/clinic/people/{person.pk}/{step}/", {"role": "manager"})
    page = client.get("/clinic/").content.decode()

    place = Membership.objects.get(user=person)
    assert answer.status_code == 302
    assert (place.is_active, place.role, place.user.is_active) == (True, Role.STAFF, True)
    assert Authenticator.objects.filter(user=person).exists()
    assert "/accounts/password/link/" not in page
    assert f"/clinic/people/{person.pk}/" not in page
    assert "Kept by the owner of the installation" in page
    assert not DBTaskResult.objects.exists()


def test_owner_with_a_password_signs_in_still(owner: User) -> None:
    owner.set_password(PASSWORD)
    owner.save()

    answer = Client().post("/accounts/login/", {"login": owner.email, "password": PASSWORD})

    assert answer.status_code == 302
