"""Invitations and new passwords: mailed by a worker, with a mail server or without."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.contrib.sessions.models import Session
from django.core import mail
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from django_tasks_db.models import DBTaskResult
from playwright.sync_api import Page, expect

from kapnet.core.audit.models import Event, Outcome
from kapnet.core.people.models import Membership, Role, User
from tests.factories import PASSWORD, make_member
from tests.worker import link_mailed_to, worked

pytestmark = pytest.mark.django_db(transaction=True)

Clients = Callable[[User], Client]
NEW = {"name": "N. Newcomer", "email": "new@test.example", "role": "staff"}
LINK = "/accounts/password/link/"
FORGOT = "/accounts/password/forgot/"


@pytest.fixture
def with_mail(settings: Any) -> None:
    """The installation has a mail server."""
    settings.SENDS_MAIL = True


@pytest.fixture
def mail_is_away(with_mail: None, settings: Any) -> None:
    """The mail server does not answer: nothing listens on this port."""
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1


def newcomer() -> User:
    return User.objects.get(email=NEW["email"])


def step(client: Client, name: str) -> Any:
    return client.post(reverse(name, args=[newcomer().pk]), follow=True)


def show(client: Client) -> str:
    page: str = step(client, "clinic_show_password_link").content.decode()
    return page


def actions_about(person: User) -> list[tuple[str, str]]:
    events = Event.objects.filter(object_type="account", object_id=str(person.pk)).order_by("pk")
    return list(events.values_list("action", "outcome"))


# Where mail is sent


def test_link_is_mailed_and_not_shown(with_mail: None, manager: User, client_for: Clients) -> None:
    client = client_for(manager)

    page = client.post("/clinic/", NEW, follow=True).content.decode()
    early = show(client)
    worked()

    assert LINK not in page
    assert LINK not in early
    assert "A mail with a link goes to new@test.example" in page
    assert LINK in link_mailed_to("new@test.example")
    assert actions_about(newcomer()) == [
        ("person.invited", "done"),
        ("person.password_link_made", "done"),
        ("person.invitation_mailed", "done"),
    ]


def test_mailed_link_sets_a_password(with_mail: None, manager: User, client_for: Clients) -> None:
    client_for(manager).post("/clinic/", NEW)
    worked()
    new = Client()

    form = new.get(link_mailed_to("new@test.example"), follow=True).redirect_chain[-1][0]
    new.post(form, {"password1": PASSWORD, "password2": PASSWORD})

    assert newcomer().check_password(PASSWORD)


def test_no_job_and_no_session_holds_a_link(
    with_mail: None, manager: User, client_for: Clients
) -> None:
    client = client_for(manager)
    client.post("/clinic/", NEW)
    Client().post(FORGOT, {"email": manager.email})
    worked()
    with time_machine.travel(timezone.now() + timedelta(minutes=11)):
        client.force_login(manager)
        client.post(reverse("clinic_show_password_link", args=[newcomer().pk]))

    kept = [f"{one.args_kwargs} {one.return_value}" for one in DBTaskResult.objects.all()]
    kept += [str(one.get_decoded()) for one in Session.objects.all()]
    assert len(kept) == 3
    assert not [one for one in kept if "link/" in one or newcomer().pk.hex + "-" in one]


@pytest.mark.parametrize(("minutes", "is_shown"), [(9, False), (10, True), (60, True)])
def test_link_is_shown_on_request_once_its_mail_is_old(
    with_mail: None, manager: User, client_for: Clients, minutes: int, is_shown: bool
) -> None:
    client = client_for(manager)
    client.post("/clinic/", NEW)
    worked()
    asked = Event.objects.get(action="person.password_link_made").at

    with time_machine.travel(asked + timedelta(minutes=minutes), tick=False):
        client.force_login(manager)
        before = client.get("/clinic/").content.decode()
        page = show(client)
        again = client.get("/clinic/").content.decode()

    address = reverse("clinic_show_password_link", args=[newcomer().pk])
    assert (address in before) is is_shown
    assert (LINK in page) is is_shown
    assert LINK not in before + again
    shown = Event.objects.filter(action="person.password_link_shown", actor=manager)
    assert shown.count() == int(is_shown)


def test_new_mail_begins_the_time_again(
    with_mail: None, manager: User, client_for: Clients
) -> None:
    client = client_for(manager)
    client.post("/clinic/", NEW)
    with time_machine.travel(timezone.now() + timedelta(minutes=11), tick=False):
        client.force_login(manager)
        step(client, "clinic_password_link")
        page = show(client)

    assert LINK not in page


def test_nothing_is_shown_for_somebody_who_has_a_password(
    with_mail: None, manager: User, client_for: Clients
) -> None:
    client = client_for(manager)
    client.post("/clinic/", NEW)
    person = newcomer()
    person.set_password(PASSWORD)
    person.save()

    with time_machine.travel(timezone.now() + timedelta(minutes=11), tick=False):
        client.force_login(manager)
        page = show(client)

    assert LINK not in page
    assert not Event.objects.filter(action="person.password_link_shown").exists()


def test_link_of_another_clinics_person_is_not_found(
    with_mail: None, other_therapist: User, manager: User, client_for: Clients
) -> None:
    address = reverse("clinic_show_password_link", args=[other_therapist.pk])

    assert client_for(manager).post(address).status_code == 404


# Where none is set up


def test_link_is_shown_once_where_no_mail_is_set_up(manager: User, client_for: Clients) -> None:
    client = client_for(manager)

    page = client.post("/clinic/", NEW, follow=True).content.decode()
    again = client.get("/clinic/").content.decode()
    worked()

    assert LINK in page
    assert LINK not in again
    assert mail.outbox == []
    assert ("person.password_link_shown", "done") in actions_about(newcomer())


# While the mail server is away (B4)


def test_invitation_is_made_and_its_link_can_be_had(
    mail_is_away: None, manager: User, client_for: Clients
) -> None:
    client = client_for(manager)

    invited = client.post("/clinic/", NEW, follow=True)
    worked()
    told = client.get("/clinic/").content.decode()
    page = show(client)

    assert invited.status_code == 200
    assert "could not be sent" in told
    assert LINK in page
    assert ("person.invitation_mailed", Outcome.FAILED.value) in actions_about(newcomer())
    assert ("person.password_link_shown", "done") in actions_about(newcomer())


def test_one_more_mail_can_be_asked_for(
    mail_is_away: None, manager: User, client_for: Clients, settings: Any
) -> None:
    client = client_for(manager)
    client.post("/clinic/", NEW)
    worked()
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"

    answer = step(client, "clinic_password_link")
    worked()

    assert answer.status_code == 200
    assert LINK in link_mailed_to("new@test.example")


def test_one_manager_has_so_many_links_sent_within_the_time(
    with_mail: None, manager: User, client_for: Clients, settings: Any
) -> None:
    settings.LIMITS = {**settings.LIMITS, "person.invite": "2/h/user"}
    client = client_for(manager)

    statuses = [client.post(reverse("clinic"), NEW).status_code]
    for _ in range(2):
        again = client.post(reverse("clinic_password_link", args=[newcomer().pk]))
        statuses.append(again.status_code)
    other = client.post(reverse("clinic"), {**NEW, "email": "other@test.example"})

    assert statuses == [302, 302, 429]
    assert other.status_code == 429
    assert not User.objects.filter(email="other@test.example").exists()
    assert client.get(reverse("clinic")).status_code == 200


def test_nobody_is_told_apart_by_a_forgotten_password(mail_is_away: None, manager: User) -> None:
    """Neither by the answer, nor by the work that is done before it."""
    Client().post(FORGOT, {"email": "somebody@test.example"})  # begins the count of this address
    answers, asked = [], []
    for email in (manager.email, "nobody@test.example"):
        with CaptureQueriesContext(
            connection,
        ) as queries:
            answers.append(Client().post(FORGOT, {"email": email}))
        asked.append([re.sub(r"\d+", "", one["sql"])[:20] for one in queries.captured_queries])

    known, unknown = answers
    assert (known.status_code, unknown.status_code) == (302, 302)
    assert known["Location"] == unknown["Location"]
    assert asked[0] == asked[1]
    assert DBTaskResult.objects.count() == 3


def test_switched_off_account_gets_no_link(staff: User) -> None:
    User.objects.filter(pk=staff.pk).update(is_active=False)

    Client().post(FORGOT, {"email": staff.email})
    worked()

    assert mail.outbox == []


def test_address_that_only_allauth_knows_gets_no_link(staff: User) -> None:
    from allauth.account.models import EmailAddress

    EmailAddress.objects.create(user=staff, email="elsewhere@evil.example", verified=True)

    Client().post(FORGOT, {"email": "elsewhere@evil.example"})
    worked()

    assert mail.outbox == []


# The page


@pytest.mark.parametrize("scripts", [True, False])
def test_page_of_people_in_the_browser(
    with_mail: None,
    manager: User,
    therapist: User,
    client_for: Clients,
    signed_in_page: Callable[..., Page],
    fits: Callable[[Page], None],
    scripts: bool,
) -> None:
    client_for(manager).post("/clinic/", NEW)
    keeper = make_member(clinic=manager.membership.clinic, role=Role.STAFF, name="K. Keeper")
    User.objects.filter(pk=keeper.pk).update(is_evidence_admin=True)
    asked = timezone.now() - timedelta(minutes=11)
    late = make_member(clinic=manager.membership.clinic, role=Role.STAFF, name="L. Late")
    Event.objects.create(
        action="person.password_link_made",
        actor=manager,
        clinic=manager.membership.clinic,
        object_type="account",
        object_id=str(late.pk),
        at=asked,
    )
    page = signed_in_page(manager, java_script_enabled=scripts)

    page.goto("/clinic/")
    expect(page.get_by_text("Then you can see the link here")).to_be_visible()
    if scripts:
        fits(page)
    page.get_by_role("button", name="Show the link for L. Late").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="A link for L. Late")).to_be_visible()
    if scripts:
        fits(page)
    assert Membership.objects.count() == 5
