"""Rows from before are encrypted by migrating, and decrypted by going back."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.core.management import call_command
from django.db import connection
from django_scopes import scopes_disabled

from decisions.letters.models import Letter
from decisions.letters.queries import search_signed
from decisions.letters.verifying import is_intact
from kapnet.audit.guards import lost_triggers
from kapnet.clinics.models import User
from tests.at_rest.kept_rows import (
    GUARDED,
    NAME,
    WORD,
    everything_stored,
    fill_everything,
    is_guarded,
    values_of_everything,
)
from tests.decisions.case_factories import clinic_of

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]
IN_PLAIN_WORDS = {
    "letters": "0008",
    "desk": "0003",
    "plan": "0001",
    "history": "0001",
    "consents": "0001",
    "decisions": "0003",
}


@pytest.fixture(autouse=True)
def _forward_again() -> Iterator[None]:
    yield
    call_command("migrate", verbosity=0)


def test_rows_from_before_are_encrypted_and_back(therapist: User, staff: User) -> None:
    letter = fill_everything(therapist, staff)
    before = values_of_everything()

    for app, number in IN_PLAIN_WORDS.items():
        call_command("migrate", app, number, verbosity=0)
    in_plain_words, guarded_before = everything_stored(), are_guarded()
    call_command("migrate", verbosity=0)

    assert NAME.encode() in in_plain_words
    assert b"1984-03-14" in in_plain_words
    assert values_of_everything() == before
    assert guarded_before
    assert are_guarded()
    assert lost_triggers() == []
    assert WORD.encode() not in rows_only()
    with scopes_disabled():
        assert is_intact(Letter.objects.get(pk=letter.pk))
    with clinic_of(therapist):
        assert list(search_signed(WORD, letter.clinic_id)) == [letter]


def are_guarded() -> bool:
    """Whether the database refuses to change what stays as it is."""
    return all(map(is_guarded, GUARDED))


def rows_only() -> bytes:
    """Without the pages of SQLite's file that are free again."""
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("VACUUM")
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return everything_stored()
