"""The second factor: set up, asked for, required, and never a way around it."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from io import StringIO
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, hotp_value
from django.core.cache import cache
from django.core.checks import run_checks
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Page, expect
from pytest_django.fixtures import Settings
from time_machine import travel

from decisions.letters.models import Letter
from decisions.letters.signing.confirming import Confirmation
from kapnet.core.audit.models import Event, Outcome
from kapnet.core.people.models import Clinic, Role, User
from tests.collecting import for_each
from tests.decisions.case_factories import clinic_of
from tests.decisions.letters.stored_letters import fingerprint_of, make_draft
from tests.factories import PASSWORD, make_member, make_user
from tests.worker import link_mailed_to, worked

pytestmark = pytest.mark.django_db(transaction=True)

SECRET = "JBSWY3DPEHPK3PXP"
ClientFor = Callable[[User], Client]


@pytest.fixture(autouse=True)
def fresh_limits(transactional_db: None) -> None:
    """Nobody has tried to sign in yet."""
    cache.clear()


@pytest.fixture
def person(clinic: Clinic) -> User:
    """A manager with a password and an authenticator app."""
    user = make_member(clinic=clinic, role=Role.MANAGER, password=PASSWORD)
    TOTP.activate(user, SECRET)
    return user


def code_at(secret: str = SECRET, *, later: int = 0) -> str:
    """What the app shows now, or so many half minutes later."""
    counter = int(timezone.now().timestamp()) // 30 + later
    return f"{hotp_value(secret, counter):06d}"


def sign_in(client: Client, user: User, password: str = PASSWORD) -> Any:
    return client.post("/accounts/login/", {"login": user.email, "password": password})


def enter(client: Client, code: str) -> Any:
    return client.post(reverse("mfa_authenticate"), {"code": code})


def is_in(client: Client) -> bool:
    return client.get("/profile/").status_code == 200


def test_password_alone_opens_nothing(person: User) -> None:
    client = Client()

    response = sign_in(client, person)

    assert response["Location"] == reverse("mfa_authenticate")
    assert not is_in(client)
    assert enter(client, code_at()).status_code == 302
    assert is_in(client)


def test_s35_code_is_good_once(person: User) -> None:
    code = code_at()
    first, second = Client(), Client()
    for client in (first, second):
        sign_in(client, person)
        enter(client, code)

    assert is_in(first)
    assert not is_in(second)


def test_s35_code_is_not_good_again_while_its_window_is_open(person: User) -> None:
    begun = timezone.now().replace(second=1, microsecond=0)
    first, second = Client(), Client()
    with travel(begun, tick=False):
        code = code_at()
        sign_in(first, person)
        enter(first, code)

    with travel(begun + timedelta(seconds=40), tick=False):
        sign_in(second, person)
        enter(second, code)
        assert not is_in(second)
        enter(second, code_at())

        assert is_in(second)


def test_s35_codes_cannot_be_tried_without_end(person: User) -> None:
    client = Client()
    sign_in(client, person)
    for _ in range(8):
        enter(client, "000000")

    enter(client, code_at())

    assert not is_in(client)
    assert Event.objects.filter(action="account.second_step", outcome=Outcome.FAILED).exists()


def test_s37_new_password_by_link_does_not_pass_the_second_factor(person: User) -> None:
    Client().post("/accounts/password/forgot/", {"email": person.email})
    worked()
    link = link_mailed_to(person.email)
    client, new = Client(), "another good long password"
    form = client.get(link, follow=True).redirect_chain[-1][0]
    client.post(form, {"password1": new, "password2": new})

    assert not is_in(client)
    assert sign_in(client, person, new)["Location"] == reverse("mfa_authenticate")
    assert not is_in(client)


def test_secret_is_not_readable_in_the_database_and_outlives_a_new_key(
    person: User, settings: Settings
) -> None:
    stored = Authenticator.objects.get(user=person)
    assert SECRET not in str(stored.data)

    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "a-new-key-a-new-key-a-new-key-a-new-key"

    assert stored.wrap().validate_code(code_at())


def test_renewed_secrets_need_the_old_key_no_more(person: User, settings: Settings) -> None:
    seed = RecoveryCodes.activate(person)
    codes = seed.generate_codes()
    assert seed.validate_code(codes[0])
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "a-new-key-a-new-key-a-new-key-a-new-key"

    said = [renewed(), renewed()]
    settings.SECRET_KEY_FALLBACKS = []

    assert said == ["2 secrets", "0 secrets"]
    app = Authenticator.objects.get(user=person, type=Authenticator.Type.TOTP)
    assert app.wrap().validate_code(code_at())
    kept = Authenticator.objects.get(user=person, type=Authenticator.Type.RECOVERY_CODES).wrap()
    assert kept.generate_codes() == codes
    assert not kept.validate_code(codes[0])


def test_renewing_without_the_old_key_says_so_and_changes_nothing(
    person: User, settings: Settings
) -> None:
    before = Authenticator.objects.get(user=person).data
    settings.SECRET_KEY = "a-new-key-a-new-key-a-new-key-a-new-key"

    with pytest.raises(CommandError, match="SECRET_KEY_FALLBACKS"):
        renewed()

    assert Authenticator.objects.get(user=person).data == before


def renewed() -> str:
    out = StringIO()
    call_command("second_factors", "renew", stdout=out)
    return " ".join(out.getvalue().split()[:2])


def test_set_up_with_recovery_codes_that_work_once(clinic: Clinic) -> None:
    user = make_member(clinic=clinic, role=Role.MANAGER, password=PASSWORD)
    client, elsewhere = Client(), Client()
    for one in (client, elsewhere):
        sign_in(one, user)
    asked = client.get(reverse("mfa_activate_totp"))
    assert asked["Location"].startswith(reverse("account_reauthenticate"))
    client.post(asked["Location"], {"password": PASSWORD})
    page = client.get(reverse("mfa_activate_totp")).content.decode()
    secret = re.findall(r'<p class="k-address">(\w+)<', page)[0]

    done = client.post(reverse("mfa_activate_totp"), {"code": code_at(secret)}, follow=True)

    codes = re.findall(r"<li>(\w+)</li>", done.content.decode())
    assert len(codes) == 10
    assert is_in(client)
    assert not is_in(elsewhere)  # S-33: whoever is signed in elsewhere signs in again
    assert codes[0] not in client.get(reverse("mfa_view_recovery_codes")).content.decode()
    assert Event.objects.filter(action="account.second_step_added", actor=user).exists()
    for times, expected in ((1, True), (2, False)):
        late = Client()
        sign_in(late, user)
        enter(late, codes[0])
        assert is_in(late) is expected, times


# Required


@pytest.fixture
def required(settings: Settings) -> None:
    """As in production."""
    settings.MFA_REQUIRED = True


POWERFUL = ["is_superuser", "is_staff", "is_evidence_admin"]


@pytest.mark.usefixtures("required")
@pytest.mark.parametrize("flag", POWERFUL)
@for_each("role", [None, Role.THERAPIST, Role.STAFF])
def test_whoever_keeps_the_installation_opens_nothing_before_it_is_set_up(
    clinic: Clinic, client_for: ClientFor, flag: str, role: Role | None
) -> None:
    """By the person: with a role of a clinic, or with none."""
    user = make_member(clinic=clinic, role=role) if role else make_user()
    User.objects.filter(pk=user.pk).update(**{flag: True})
    client = client_for(User.objects.get(pk=user.pk))

    for address in ("/admin/", "/admin/clinics/user/", "/admin/clinics/membership/add/", "/cases/"):
        for method in ("get", "post"):
            response = getattr(client, method)(address)
            assert response["Location"] == reverse("mfa_index"), address
    assert client.get("/profile/").status_code == 302
    assert client.get(reverse("mfa_index")).status_code == 200


@pytest.mark.usefixtures("required")
@pytest.mark.parametrize("flag", POWERFUL)
def test_last_second_factor_of_whoever_keeps_the_installation_stays(flag: str) -> None:
    user = make_user(password=PASSWORD)
    User.objects.filter(pk=user.pk).update(**{flag: True})
    TOTP.activate(user, SECRET)
    client = Client()
    sign_in(client, user)
    enter(client, code_at())

    client.post(reverse("mfa_deactivate_totp"))

    assert Authenticator.objects.filter(user=user).exists()


@pytest.mark.usefixtures("required")
def test_manager_and_evidence_admin_open_nothing_before_it_is_set_up(
    client_for: ClientFor, manager: User, evidence_admin: User
) -> None:
    for user, addresses in (
        (manager, ["/clinic/", "/directory/", "/evidence/", "/profile/"]),
        (evidence_admin, ["/evidence/", "/evidence/to-do/", "/admin/", "/curation/"]),
    ):
        client = client_for(user)
        for address in addresses:
            for method in ("get", "post"):
                response = getattr(client, method)(address)
                assert response["Location"] == reverse("mfa_index"), address
            fragment = client.get(address, headers={"HX-Request": "true"})
            assert fragment["HX-Redirect"] == reverse("mfa_index")
        assert client.get(reverse("mfa_index")).status_code == 200
        TOTP.activate(user, SECRET)
        assert client.get(addresses[0]).status_code == 200


def signing(letter: Letter, therapist: User, password: str) -> dict[str, str]:
    """The form to sign, with everything ticked."""
    ticked = {one.value: "on" for one in Confirmation}
    fingerprint = fingerprint_of(letter, therapist)
    return {"password": password, "fingerprint": fingerprint, **ticked}


def is_signed(letter: Letter, therapist: User) -> bool:
    """Whether it is by now, as a reader of its clinic finds it."""
    with clinic_of(therapist):
        letter.refresh_from_db()
    return letter.is_signed


@pytest.mark.usefixtures("required")
def test_therapist_works_without_it_and_signs_only_with_it(
    client_for: ClientFor, therapist: User
) -> None:
    therapist.set_password(PASSWORD)
    therapist.save()
    letter, client = make_draft(therapist), client_for(therapist)
    address = reverse("letters:sign", args=[letter.case_id, letter.pk])
    posted = signing(letter, therapist, PASSWORD)
    assert client.get("/cases/").status_code == 200

    refused = client.post(address, posted, follow=True)

    assert refused.redirect_chain[-1][0] == reverse("mfa_index")
    assert "Not signed yet" in refused.content.decode()
    assert not is_signed(letter, therapist)
    TOTP.activate(therapist, SECRET)
    client.post(address, posted)
    assert is_signed(letter, therapist)


def test_letter_is_signed_by_a_code_that_is_good_once(
    client_for: ClientFor, therapist: User
) -> None:
    TOTP.activate(therapist, SECRET)
    client, code = client_for(therapist), code_at()
    signed = []
    for letter in (make_draft(therapist), make_draft(therapist)):
        address = reverse("letters:sign", args=[letter.case_id, letter.pk])
        client.post(address, signing(letter, therapist, code))
        signed.append(is_signed(letter, therapist))

    assert signed == [True, False]


def test_manager_resets_it_for_somebody_who_lost_the_phone(
    client_for: ClientFor, person: User, therapist: User
) -> None:
    TOTP.activate(therapist, SECRET)
    theirs, client = client_for(therapist), client_for(person)
    assert "Reset the second factor" in client.get("/clinic/").content.decode()

    for user in (therapist, person):
        client.post(reverse("clinic_reset_second_step", args=[user.pk]))

    assert not Authenticator.objects.filter(user=therapist).exists()
    assert Authenticator.objects.filter(user=person).exists()  # nobody does it for themselves
    assert not is_in(theirs)
    event = Event.objects.get(action="person.second_step_reset")
    assert (event.actor, event.object_id) == (person, str(therapist.pk))


@pytest.mark.usefixtures("required")
def test_manager_cannot_drop_it(client_for: ClientFor, person: User) -> None:
    client = Client()
    sign_in(client, person)
    enter(client, code_at())
    with travel(timezone.now() + timedelta(minutes=2), tick=False):
        client.post(reverse("mfa_reauthenticate"), {"code": code_at()})
        client.post(reverse("mfa_deactivate_totp"))

    assert Authenticator.objects.filter(user=person, type="totp").exists()


@pytest.mark.parametrize(("is_required", "found"), [(True, []), (False, ["clinics.W001"])])
def test_deployment_without_it_is_complained_of(
    settings: Settings, is_required: bool, found: list[str]
) -> None:
    settings.MFA_REQUIRED = is_required

    said = run_checks(include_deployment_checks=True)

    assert [one.id for one in said if str(one.id).startswith("clinics.")] == found


def test_pages_of_the_second_factor(
    signed_in_page: Callable[..., Page],
    live_page: Page,
    clinic: Clinic,
    fits: Callable[[Page], None],
) -> None:
    user = make_member(clinic=clinic, role=Role.THERAPIST, password=PASSWORD)
    page = signed_in_page(user)

    page.goto(reverse("mfa_index"))
    fits(page)
    page.get_by_role("link", name="Set up an app").click()
    page.wait_for_url("**/accounts/again/**")
    fits(page)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Go on").click()
    page.wait_for_url("**/second-step/app/")
    fits(page)
    secret = page.locator(".k-address").inner_text()
    page.get_by_label("code").fill("000000")
    page.get_by_role("button", name="Set it up").click()
    expect(page.get_by_text("This code is not right").first).to_be_visible()
    fits(page)
    page.get_by_label("code").fill(code_at(secret))
    page.get_by_role("button", name="Set it up").click()
    page.wait_for_url("**/second-step/codes/")
    fits(page)
    for name in ("mfa_index", "mfa_generate_recovery_codes", "mfa_deactivate_totp"):
        page.goto(reverse(name))
        fits(page)

    live_page.goto("/accounts/login/")
    live_page.get_by_label("Email").fill(user.email)
    live_page.get_by_label("Password").fill(PASSWORD)
    live_page.get_by_role("button", name="Sign in").click()
    live_page.wait_for_url("**/second-step/enter/")
    fits(live_page)
    live_page.get_by_label("Code").fill(code_at(secret, later=1))
    live_page.get_by_role("button", name="Sign in").click()
    live_page.wait_for_url("**/cases/")
