"""Each signed letter is held against its hashes and against the audit log (S-49)."""

from __future__ import annotations

import hashlib
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from decisions.letters.models import Letter
from decisions.letters.verification.kept_as_signed import letters_not_as_signed
from kapnet.core.people.models import User
from tests.decisions.case_factories import clinic_of
from tests.decisions.letters.stored_letters import make_draft, make_signed
from tests.triggers import triggers_off

TABLES_OF_A_LETTER = (
    ("desk_delivery", "letter_id"),
    ("letters_seal", "letter_id"),
    ("letters_copydigest", "letter_id"),
    ("letters_letter", "id"),
)
pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.both_databases]


def tamper(therapist: User, letter: Letter, **columns: Any) -> None:
    with triggers_off(), clinic_of(therapist):
        Letter.objects.filter(pk=letter.pk).update(**columns)


def one_byte_changed(letter: Letter) -> bytes:
    changed = bytearray(bytes(letter.pdf or b""))
    changed[1000] ^= 1
    return bytes(changed)


def test_letters_as_signed_and_drafts_raise_no_problem(therapist: User) -> None:
    make_signed(therapist)
    make_draft(therapist)

    assert list(letters_not_as_signed()) == []


def test_one_changed_byte_of_a_pdf_is_found(therapist: User) -> None:
    letter = make_signed(therapist)

    tamper(therapist, letter, pdf=one_byte_changed(letter))

    said = f"Letter {letter.number} (id {letter.pk}) is not what was signed."
    assert list(letters_not_as_signed()) == [said]


def test_changed_content_is_found(therapist: User) -> None:
    letter = make_signed(therapist)

    tamper(therapist, letter, content={**(letter.content or {}), "x": "y"})

    assert [one for one in letters_not_as_signed() if letter.number in one]


def test_pdf_changed_together_with_its_hash_is_found(therapist: User) -> None:
    letter = make_signed(therapist)
    changed = one_byte_changed(letter)

    tamper(therapist, letter, pdf=changed, pdf_sha256=hashlib.sha256(changed).hexdigest())

    said = f"The letter with id {letter.pk} has another PDF than the audit log noted."
    assert list(letters_not_as_signed()) == [said]


def test_removed_letter_is_found(therapist: User) -> None:
    letter = make_signed(therapist)

    with triggers_off(), clinic_of(therapist), connection.cursor() as cursor:
        for table, column in TABLES_OF_A_LETTER:
            key = letter.pk if connection.vendor == "postgresql" else letter.pk.hex
            cursor.execute(f"DELETE FROM {table} WHERE {column} = %s", [key])  # noqa: S608

    assert list(letters_not_as_signed()) == [
        f"The letter with id {letter.pk} was signed and is gone."
    ]


def test_audit_verify_names_the_letter_and_fails(therapist: User) -> None:
    letter = make_signed(therapist)
    tamper(therapist, letter, pdf=one_byte_changed(letter))
    errors = StringIO()

    with pytest.raises(CommandError) as failure:
        call_command("audit", "verify", stdout=StringIO(), stderr=errors)

    assert failure.value.returncode == 1
    assert letter.number in errors.getvalue()
