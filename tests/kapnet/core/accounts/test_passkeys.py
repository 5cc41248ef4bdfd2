"""Passkeys as the second factor: set up, used, refused, taken away; in a real browser."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP
from allauth.mfa.webauthn.internal.auth import WebAuthn
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from playwright.sync_api import CDPSession, Page, expect
from pytest_django.fixtures import Settings

from kapnet.core.audit.models import Event, Outcome
from kapnet.core.people.models import Clinic, Role, User
from tests.collecting import for_each
from tests.factories import PASSWORD, make_member

pytestmark = pytest.mark.django_db(transaction=True)
Check = Callable[[Page], None]
SECRET = "JBSWY3DPEHPK3PXP"


@pytest.fixture(autouse=True)
def fresh_limits(transactional_db: None) -> None:
    """Nobody has tried to sign in yet."""
    cache.clear()


@pytest.fixture
def person(clinic: Clinic) -> User:
    """A manager with a password."""
    return make_member(clinic=clinic, role=Role.MANAGER, password=PASSWORD)


@pytest.fixture
def device(live_page: Page) -> CDPSession:
    """A device that has passkeys and whose person always agrees."""
    session = live_page.context.new_cdp_session(live_page)
    enable(session)
    return session


def enable(session: CDPSession) -> None:
    session.send("WebAuthn.enable")
    options = {"protocol": "ctap2", "transport": "internal", "hasResidentKey": True}
    agrees = {"hasUserVerification": True, "isUserVerified": True}
    options |= {**agrees, "automaticPresenceSimulation": True}
    session.send("WebAuthn.addVirtualAuthenticator", {"options": options})


def sign_in(page: Page, user: User) -> None:
    page.goto("/accounts/login/")
    page.get_by_label("Email").fill(user.email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()


def set_up(page: Page, name: str) -> None:
    page.goto(reverse("mfa_add_webauthn"))
    if "/accounts/again/" in page.url:
        page.get_by_label("Password").fill(PASSWORD)
        page.get_by_role("button", name="Go on").click()
        page.wait_for_url("**/passkeys/new/")
    page.get_by_label("Name").fill(name)
    page.get_by_role("button", name="Set it up").click()


@pytest.mark.usefixtures("device")
def test_passkey_is_set_up_and_signs_in(live_page: Page, person: User, fits: Check) -> None:
    page = live_page
    sign_in(page, person)
    page.goto(reverse("mfa_add_webauthn"))
    set_up(page, "Key on the ring")
    page.wait_for_url("**/second-step/codes/")
    page.goto(reverse("mfa_index"))
    expect(page.get_by_text("Key on the ring, since")).to_be_visible()
    fits(page)

    page.get_by_role("button", name="Sign out").click()
    sign_in(page, person)
    page.wait_for_url("**/second-step/enter/")
    fits(page)
    page.get_by_role("button", name="Use a passkey").click()

    page.wait_for_url("**/clinic/")
    assert Authenticator.objects.filter(user=person, type="webauthn").count() == 1


@pytest.mark.long
def test_device_without_the_passkey_is_told_so_and_a_code_still_works(
    live_page: Page, person: User, device: CDPSession
) -> None:
    page = live_page
    sign_in(page, person)
    set_up(page, "Phone")
    page.wait_for_url("**/second-step/codes/")
    code = page.locator(".k-address li").first.inner_text()
    page.get_by_role("button", name="Sign out").click()
    device.send("WebAuthn.disable")  # forgets what the device held
    enable(device)
    sign_in(page, person)
    page.wait_for_url("**/second-step/enter/")

    page.get_by_role("button", name="Use a passkey").click()
    expect(page.get_by_text("the browser was stopped before it had the passkey")).to_be_visible()
    page.get_by_label("Code").fill(code)
    page.get_by_role("button", name="Sign in").click()

    page.wait_for_url("**/clinic/")


@pytest.mark.long
@pytest.mark.usefixtures("device")
def test_same_device_is_not_set_up_twice(live_page: Page, person: User) -> None:
    sign_in(live_page, person)
    set_up(live_page, "Phone")
    live_page.wait_for_url("**/second-step/codes/")

    set_up(live_page, "Phone again")

    expect(live_page.get_by_text("this passkey is set up already")).to_be_visible()


def test_without_javascript_the_page_says_what_works(
    signed_in_page: Callable[..., Page], person: User
) -> None:
    page = signed_in_page(person, java_script_enabled=False)
    page.goto(reverse("mfa_add_webauthn"))
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Go on").click()

    expect(page.get_by_text("A passkey needs JavaScript")).to_be_visible()
    expect(page.get_by_role("button", name="Set it up")).to_be_hidden()


HOSTILE: list[Any] = [
    "",
    "null",
    "[]",
    "{}",
    "not json",
    '{"id": 1}',
    '{"id": "AA", "rawId": "AA", "type": "public-key", "response": {}}',
    '{"id": "AA", "rawId": "AA", "type": "public-key", "response": {"clientDataJSON": "AA",'
    ' "attestationObject": "AA", "authenticatorData": "AA", "signature": "AA"}}',
    '{"id": "AA", "rawId": "AA", "type": "public-key", "response": {"clientDataJSON": "e30",'
    ' "attestationObject": "oA", "authenticatorData": "oA", "signature": "oA"}}',
]


@for_each("credential", HOSTILE, undone=True)
def test_answer_that_no_browser_gives_is_refused(person: User, credential: str) -> None:
    setting, entering = Client(), Client()
    for client in (setting, entering):
        client.post("/accounts/login/", {"login": person.email, "password": PASSWORD})
        if client is setting:
            again = client.get(reverse("mfa_add_webauthn"))["Location"]
            client.post(again, {"password": PASSWORD})
            client.get(reverse("mfa_add_webauthn"))
            added = client.post(
                reverse("mfa_add_webauthn"), {"name": "X", "credential": credential}
            )
            TOTP.activate(person, SECRET)

    entered = entering.post(reverse("mfa_authenticate"), {"credential": credential})

    assert added.status_code == 200
    assert "There is a problem" in added.content.decode()
    assert entered.status_code in {200, 302}
    assert not Authenticator.objects.filter(type="webauthn").exists()


@pytest.mark.parametrize("has_app", [False, True])
def test_last_second_factor_of_a_manager_stays(
    person: User, settings: Settings, has_app: bool
) -> None:
    passkey = WebAuthn.add(person, "Phone", {}).instance
    if has_app:
        TOTP.activate(person, SECRET)
    settings.MFA_REQUIRED = True
    client = Client()
    client.force_login(person)
    client.post(reverse("account_reauthenticate"), {"password": PASSWORD})

    client.post(reverse("mfa_remove_webauthn", args=[passkey.pk]))

    assert Authenticator.objects.filter(pk=passkey.pk).exists() is not has_app


def test_passkey_of_somebody_else_is_not_found(
    person: User, therapist: User, client_for: Callable[[User], Client]
) -> None:
    theirs = WebAuthn.add(therapist, "Phone", {}).instance
    client = client_for(person)
    client.post(reverse("account_reauthenticate"), {"password": PASSWORD})

    assert client.post(reverse("mfa_remove_webauthn", args=[theirs.pk])).status_code == 404
    assert Event.objects.filter(object_type="passkey", outcome=Outcome.REFUSED, actor=person)
    assert Authenticator.objects.filter(pk=theirs.pk).exists()
