"""How long a sign-in lasts, and what ends it (S-10, S-11, S-32 to S-34)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.models import Session
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import BrowserContext, Page, expect
from time_machine import travel

from decisions.desk.exporting import ask_for_export
from decisions.desk.models import Export
from kapnet.core.accounts.actions import reset_second_factor, switch_person
from kapnet.core.accounts.sessions import ACTED_AT, SIGNED_IN_AT
from kapnet.core.audit.models import Event
from kapnet.core.people.models import Clinic, Membership, Role, User
from tests.decisions.case_factories import clinic_of, make_case, section_url
from tests.decisions.letters.stored_letters import make_signed
from tests.factories import PASSWORD, make_member

pytestmark = pytest.mark.django_db

ClientFor = Callable[[User], Client]
IDLE = timedelta(minutes=30)
DAY = timedelta(hours=10)
MINUTE = timedelta(minutes=1)


def is_in(client: Client) -> bool:
    return client.get("/profile/").status_code == 200


def session_of(client: Client) -> Any:
    return client.session


def test_s34_sign_in_ends_when_nothing_is_done(client_for: ClientFor, therapist: User) -> None:
    start = timezone.now()
    with travel(start, tick=False):
        client = client_for(therapist)
    with travel(start + IDLE - MINUTE, tick=False):
        assert is_in(client)
    with travel(start + IDLE - MINUTE + IDLE, tick=False):
        assert client.get("/profile/")["Location"] == "/accounts/login/?next=/profile/"

    event = Event.objects.get(action="account.session_ended")
    assert (event.actor, event.reason) == (therapist, "nothing was done for a while")


def test_s34_sign_in_ends_after_a_working_day_whatever_is_done(
    client_for: ClientFor, therapist: User
) -> None:
    start = timezone.now()
    with travel(start, tick=False):
        client = client_for(therapist)
    moment = start
    while moment < start + DAY - IDLE:
        moment += IDLE - MINUTE
        with travel(moment, tick=False):
            assert is_in(client)
    with travel(start + DAY, tick=False):
        assert not is_in(client)

    assert Event.objects.get(action="account.session_ended").reason == "a working day was over"


@pytest.mark.parametrize("headers", [{}, {"HX-Request": "true"}])
def test_s34_asking_again_and_again_keeps_nobody_signed_in(
    client_for: ClientFor, therapist: User, staff: User, headers: dict[str, str]
) -> None:
    letter = make_signed(therapist)
    with clinic_of(staff):
        export = ask_for_export(
            clinic=letter.clinic, by=staff, letters=[letter], kind=Export.Kind.ZIP
        )
    start = timezone.now()
    with travel(start, tick=False):
        client = client_for(staff)

    for minutes in (1, 8, 15, 22, 29):
        with travel(start + minutes * MINUTE, tick=False):
            for address in (reverse("desk:export", args=[export.pk]), reverse("session")):
                asked = {"idle": "999", "acted_at": "9999999999"}
                assert client.get(address, asked, headers=headers).status_code == 200

    with travel(start + IDLE, tick=False):
        assert not is_in(client)


def test_staying_makes_it_last_longer_but_not_past_the_day(
    client_for: ClientFor, therapist: User
) -> None:
    start = timezone.now()
    with travel(start, tick=False):
        client = client_for(therapist)
    with travel(start + IDLE - MINUTE, tick=False):
        assert client.get(reverse("session")).json() == {"seconds": 60, "can_stay": True}
        assert client.post(reverse("session")).json() == {"seconds": 1800, "can_stay": True}

    session = session_of(client)
    session[ACTED_AT] = session[SIGNED_IN_AT] = (start - DAY + MINUTE).timestamp()
    session[ACTED_AT] = start.timestamp()
    session.save()
    with travel(start, tick=False):
        assert client.post(reverse("session")).json() == {"seconds": 60, "can_stay": False}


def test_session_that_does_not_say_when_it_began_has_ended(
    client_for: ClientFor, therapist: User
) -> None:
    client = client_for(therapist)
    session = session_of(client)
    del session[SIGNED_IN_AT]
    session.save()

    assert not is_in(client)


def test_answer_saved_too_late_is_kept_until_its_person_is_back(clinic: Clinic) -> None:
    therapist = make_member(clinic=clinic, role=Role.THERAPIST, password=PASSWORD)
    case, client, start = make_case(therapist), Client(), timezone.now()
    sign_in = {"login": therapist.email, "password": PASSWORD}
    with travel(start, tick=False):
        client.post("/accounts/login/", sign_in)
        client.get(section_url(case, "scope"))
    with travel(start + IDLE + MINUTE, tick=False):
        late = client.post(section_url(case, "scope"), {"diagnosis": "mdd_recurrent"})
        assert late["Location"] == "/accounts/login/?next=/accounts/kept/"
        client.post("/accounts/login/", sign_in)
        client.head("/accounts/kept/")
        page = client.get("/accounts/kept/").content.decode()

    assert 'value="mdd_recurrent"' in page


def test_s33_password_change_ends_the_other_sessions(clinic: Clinic) -> None:
    person = make_member(clinic=clinic, role=Role.STAFF, password=PASSWORD)
    here, elsewhere = Client(), Client()
    for client in (here, elsewhere):
        client.post("/accounts/login/", {"login": person.email, "password": PASSWORD})
    new = "another good long password"

    here.post("/accounts/password/", {"oldpassword": PASSWORD, "password1": new, "password2": new})

    assert is_in(here)
    assert not is_in(elsewhere)


def test_s33_old_cookie_is_worth_nothing_after_sign_out(
    client_for: ClientFor, therapist: User
) -> None:
    client = client_for(therapist)
    old = client.cookies[settings.SESSION_COOKIE_NAME].value
    client.post("/accounts/logout/")

    client.cookies[settings.SESSION_COOKIE_NAME] = old

    assert not is_in(client)
    assert not Session.objects.filter(session_key=old).exists()


def test_s10_new_role_counts_with_the_next_request(client_for: ClientFor, therapist: User) -> None:
    client = client_for(therapist)
    assert client.get("/cases/").status_code == 200

    Membership.objects.filter(user=therapist).update(role=Role.STAFF)

    assert client.get("/cases/").status_code == 403
    assert client.get("/letters/").status_code == 200


def test_s10_taken_out_of_the_clinic_counts_with_the_next_request(
    client_for: ClientFor, therapist: User
) -> None:
    client, case = client_for(therapist), make_case(therapist)

    Membership.objects.filter(user=therapist).update(is_active=False)

    assert client.get(section_url(case, "scope")).status_code == 403


@pytest.mark.parametrize("htmx", [True, False])
def test_s11_deactivated_person_is_out_in_the_middle(
    client_for: ClientFor, therapist: User, manager: User, htmx: bool
) -> None:
    client, case = client_for(therapist), make_case(therapist)
    headers = {"HX-Request": "true"} if htmx else {}

    switch_person(actor=manager, membership=therapist.membership, is_active=False)

    response = client.post(section_url(case, "scope"), {}, headers=headers)
    assert response.status_code == (401 if htmx else 302)


def sessions_of(user: User) -> int:
    stored = (one.get_decoded() for one in Session.objects.all())
    return sum(one.get(SESSION_KEY) == str(user.pk) for one in stored)


def test_s33_person_whose_second_factor_is_taken_away_is_out_everywhere(
    client_for: ClientFor, therapist: User, manager: User
) -> None:
    for person in (therapist, therapist, manager):
        client_for(person)
    assert sessions_of(therapist) == 2

    reset_second_factor(actor=manager, membership=therapist.membership)

    assert (sessions_of(therapist), sessions_of(manager)) == (0, 1)


# The warning


def set_seconds_left(context: BrowserContext, seconds: float) -> None:
    (cookie,) = [one for one in context.cookies() if one["name"] == settings.SESSION_COOKIE_NAME]
    client = Client()
    client.cookies[settings.SESSION_COOKIE_NAME] = cookie["value"]
    session = client.session
    session[ACTED_AT] = (timezone.now() - IDLE + timedelta(seconds=seconds)).timestamp()
    session.save()


def look_again(page: Page) -> None:
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")


def test_page_warns_and_stays_signed_in_by_one_press(
    signed_in_page: Callable[..., Page],
    therapist: User,
    axe: Callable[[Page], None],
    reflows: Callable[[Page], None],
) -> None:
    page = signed_in_page(therapist, viewport={"width": 320, "height": 800})
    page.goto("/profile/")
    notice = page.locator("#session-notice")
    expect(notice).to_be_empty()

    set_seconds_left(page.context, 100)
    look_again(page)
    expect(notice).to_contain_text("You will be signed out in two minutes")
    axe(page)
    reflows(page)
    page.get_by_role("button", name="Stay signed in").press("Enter")

    expect(notice).to_be_empty()


def test_page_says_when_it_is_over_and_keeps_what_was_typed(
    signed_in_page: Callable[..., Page], therapist: User
) -> None:
    page = signed_in_page(therapist)
    page.goto("/profile/")
    page.get_by_label("Name").fill("Half typed")

    set_seconds_left(page.context, -1)
    look_again(page)

    expect(page.locator("#session-notice")).to_contain_text("You are signed out.")
    expect(page.get_by_label("Name")).to_have_value("Half typed")
