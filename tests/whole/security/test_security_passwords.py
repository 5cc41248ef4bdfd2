"""Passwords and the session they open: S-32, S-36, S-37."""

from __future__ import annotations

import pytest
from django.conf import settings
from django.contrib.auth.hashers import (
    Argon2PasswordHasher,
    check_password,
    identify_hasher,
    make_password,
)
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.test import Client

from kapnet.core.people.models import Clinic, Role, User
from tests.collecting import for_each
from tests.factories import PASSWORD, make_member
from tests.worker import link_mailed_to, worked

pytestmark = pytest.mark.django_db

BCRYPT_READS = 72
"""Bytes. A hash that reads no further takes two long passwords for one."""


@pytest.fixture
def known(clinic: Clinic) -> User:
    return make_member(clinic=clinic, role=Role.STAFF, name="S. Staff", password=PASSWORD)


def new_link(person: User) -> str:
    Client().post("/accounts/password/forgot/", {"email": person.email})
    worked()
    return link_mailed_to(person.email)


def set_by_link(link: str, password: str) -> Client:
    client = Client()
    form = client.get(link, follow=True).redirect_chain[-1][0]
    client.post(form, {"password1": password, "password2": password})
    return client


def signs_in(person: User, password: str) -> bool:
    fields = {"login": person.email, "password": password}
    return Client().post("/accounts/login/", fields).status_code == 302


@pytest.fixture
def real_hasher_in_a_hurry(real_hasher: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """The same hash of the same bytes, with as little work as it takes."""
    for name, least in (("time_cost", 1), ("memory_cost", 8), ("parallelism", 1)):
        monkeypatch.setattr(Argon2PasswordHasher, name, least)


@pytest.mark.usefixtures("real_hasher_in_a_hurry")
@for_each(
    "password",
    [
        "sdhjkqwlzv",
        "Ünïcödé pässwört",
        "\U0001f98a\U0001f427\U0001f989\U0001f99c\U0001f41d\U0001f40c\U0001f98b\U0001f422 four",
        "  spaces are kept  ",
        "'\"<>&;%$#{}[]|\\/`~",
        "q7" * 64,
        "q7" * 256,
    ],
    ids=["10", "accents", "emoji", "spaces", "signs", "128", "512"],
    undone=True,
)
def test_s36_any_characters_make_a_password(known: User, password: str) -> None:
    set_by_link(new_link(known), password)

    assert signs_in(known, password)
    assert not signs_in(known, password[:-1])


@for_each(
    "password",
    ["short pas", "password1234", "1234567890", "qwertyuiop", "iloveyou123", "staff.member"],
    undone=True,
)
def test_s36_short_common_and_own_passwords_are_refused(known: User, password: str) -> None:
    User.objects.filter(pk=known.pk).update(name="Staff Member")
    set_by_link(new_link(known), password)

    assert signs_in(known, PASSWORD)
    assert not signs_in(known, password)


@pytest.mark.usefixtures("real_hasher_in_a_hurry")
@pytest.mark.parametrize("length", range(BCRYPT_READS - 1, BCRYPT_READS + 3))
def test_s36_long_passwords_differ_to_their_last_byte(length: int) -> None:
    stored = make_password("x" * length + "a")

    assert check_password("x" * length + "a", stored)
    assert not check_password("x" * length + "b", stored)
    assert not check_password("x" * length, stored)


@pytest.mark.usefixtures("real_hasher")
def test_s36_passwords_are_hashed_with_argon2id(clinic: Clinic) -> None:
    known = make_member(clinic=clinic, role=Role.STAFF, password=PASSWORD)

    assert identify_hasher(known.password).algorithm == "argon2"
    assert known.password.startswith("argon2$argon2id$")


def test_s36_nothing_composed_is_asked_for() -> None:
    validate_password("only small letters here")

    with pytest.raises(ValidationError):
        validate_password("Aa1!")


def test_s32_preset_session_is_left_at_sign_in(known: User) -> None:
    client = Client()
    client.cookies[settings.SESSION_COOKIE_NAME] = "a" * 32
    client.post("/accounts/login/", {"login": known.email, "password": PASSWORD})

    assert client.cookies[settings.SESSION_COOKIE_NAME].value != "a" * 32
    assert client.get("/profile/").status_code == 200


def test_s37_link_of_another_person_or_changed_is_refused(known: User, clinic: Clinic) -> None:
    other = make_member(clinic=clinic, role=Role.STAFF, password=PASSWORD)
    link, others = new_link(known), new_link(other)
    path, own = link.rstrip("/").rsplit("/", 1)[0], link.rstrip("/").rsplit("/", 1)[1]
    mixed = f"{own.split('-')[0]}-{others.rstrip('/').rsplit('/', 1)[1].split('-', 1)[1]}"

    for key in (mixed, own[:-1] + ("a" if own[-1] != "a" else "b")):
        page = Client().get(f"{path}/{key}/", follow=True)
        assert b"This link no longer works" in page.content


def test_s37_link_ends_with_a_new_password(known: User) -> None:
    link = new_link(known)
    known.set_password("set in another way")
    known.save(update_fields=["password"])

    assert b"This link no longer works" in Client().get(link, follow=True).content


def test_s37_link_signs_nobody_in(known: User) -> None:
    client = set_by_link(new_link(known), "another good long password")

    assert client.get("/profile/").status_code == 302
