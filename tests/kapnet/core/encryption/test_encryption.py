"""Nothing that the database holds says who a patient is (S-51, S-52)."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.exceptions import FieldError
from django.db import connection
from django.test import Client
from django.urls import reverse
from django_scopes import scopes_disabled
from pytest_django.fixtures import Settings

from decisions.cases.models import Case
from decisions.letters.models import Letter
from decisions.letters.verification.verifying import is_intact
from kapnet.core.encryption.keys import UnreadableError, make_key
from kapnet.core.people.models import User
from tests.decisions.case_factories import clinic_of, make_case
from tests.decisions.letters.stored_letters import REASONING, make_signed
from tests.kapnet.core.encryption.kept_rows import (
    NAME,
    WORD,
    everything_stored,
    fill_everything,
    values_of_everything,
)
from tests.triggers import triggers_off

pytestmark = pytest.mark.django_db(transaction=True)
BORN = "1984-03-14"


@pytest.mark.both_databases
def test_database_holds_no_word_about_a_patient(therapist: User, staff: User) -> None:
    fill_everything(therapist, staff)

    held = everything_stored()

    assert all(any(values) for values in values_of_everything().values())
    assert therapist.name.encode() in held
    for said in (NAME, WORD, WORD.lower(), BORN, REASONING, "%PDF-"):
        assert said.encode() not in held


@pytest.mark.both_databases
def test_what_was_said_comes_back(therapist: User, staff: User) -> None:
    letter = fill_everything(therapist, staff)

    with scopes_disabled():
        case = Case.objects.get()
        stored = Letter.objects.get(pk=letter.pk)

    assert (case.patient_name, case.date_of_birth.isoformat()) == (NAME, BORN)
    assert bytes(stored.pdf).startswith(b"%PDF-")
    assert is_intact(stored)


def test_same_name_is_stored_differently_each_time(therapist: User) -> None:
    for _ in range(2):
        make_case(therapist, name=NAME)

    with scopes_disabled():
        tokens = {one for (one,) in _raw("SELECT patient_name FROM decisions_case")}

    assert len(tokens) == 2


@pytest.mark.both_databases
@pytest.mark.parametrize("lookup", ["", "__icontains", "__in", "__gt"])
def test_encrypted_column_is_not_compared(therapist: User, lookup: str) -> None:
    with clinic_of(therapist), pytest.raises(FieldError):
        list(Case.objects.filter(**{f"patient_name{lookup}": [NAME] if "in" in lookup else NAME}))


def test_without_the_key_a_page_says_so_and_shows_nothing_empty(
    therapist: User, settings: Settings
) -> None:
    client = Client(raise_request_exception=False)
    client.force_login(therapist)
    case = make_case(therapist, name=NAME)
    settings.DATA_KEYS = [make_key()]

    page = client.get(reverse("cases:case", args=[case.pk]))

    assert page.status_code == 500
    assert "This cannot be read at present" in page.content.decode()
    with clinic_of(therapist), pytest.raises(UnreadableError):
        Case.objects.get()


def test_changed_token_of_a_letter_is_not_what_was_signed(therapist: User) -> None:
    letter = make_signed(therapist)
    with triggers_off(), scopes_disabled():
        token = bytearray(bytes(_raw("SELECT pdf FROM letters_letter")[0][0]))
        token[len(token) // 2] ^= 1
        _raw("UPDATE letters_letter SET pdf = %s", bytes(token))
        stored = Letter.objects.defer("pdf").get(pk=letter.pk)

        assert not is_intact(stored)


def _raw(sql: str, *values: bytes) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return list(cursor.fetchall()) if cursor.description else []
