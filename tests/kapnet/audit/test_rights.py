"""What PostgreSQL lets the server's role and the owner of the tables do to the trail (S-48)."""

from __future__ import annotations

from collections.abc import Iterator
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction
from pytest_django.fixtures import Settings

from decisions.letters.models import Letter
from kapnet.at_rest.keys import make_key
from kapnet.audit.rights import rights_of
from kapnet.audit.verifying import check_chain, head_now
from kapnet.clinics.models import User
from tests.collecting import for_each
from tests.decisions.case_factories import clinic_of
from tests.kapnet.audit.test_chain import write_events
from tests.letters.stored_letters import make_draft, make_signed

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has no rights"),
]

SERVER = "kapnet_server"
CHANGES = (
    "UPDATE {table} SET {column} = {column}",
    "DELETE FROM {table}",
    "TRUNCATE {table} CASCADE",
)


def run(statement: str) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


@pytest.fixture
def as_server(db: None) -> Iterator[None]:
    """The connection acts as a role that owns nothing and was given what the command prints."""
    with connection.cursor() as cursor:
        cursor.execute(rights_of(SERVER))
        cursor.execute(f"SET ROLE {SERVER}")
    yield
    with connection.cursor() as cursor:
        cursor.execute("RESET ROLE")
        cursor.execute(f"DROP OWNED BY {SERVER}")


@for_each("change", CHANGES)
@for_each(("table", "column"), [("audit_event", "reason"), ("audit_link", "sha256")])
def test_owner_is_denied_to_change_the_trail(change: str, table: str, column: str) -> None:
    write_events(1)

    with pytest.raises(DatabaseError, match="permission denied"):
        run(change.format(table=table, column=column))

    assert check_chain().problem == ""


@pytest.mark.parametrize("change", CHANGES)
@pytest.mark.parametrize(("table", "column"), [("audit_event", "reason"), ("audit_link", "sha256")])
def test_server_is_denied_to_change_the_trail(
    as_server: None, change: str, table: str, column: str
) -> None:
    write_events(1)

    with pytest.raises(DatabaseError, match="permission denied"):
        run(change.format(table=table, column=column))


@pytest.mark.parametrize(
    "change",
    [
        "INSERT INTO audit_link VALUES (1, '', '', 1)",
        "INSERT INTO audit_turn VALUES (1)",
        "ALTER TABLE audit_event DISABLE TRIGGER USER",
        "DROP TRIGGER audit_event_turn ON audit_event",
    ],
)
def test_server_can_neither_make_links_nor_switch_triggers_off(
    as_server: None, change: str
) -> None:
    with pytest.raises(DatabaseError, match=r"permission denied|must be owner"):
        run(change)


def test_server_writes_and_verifies_the_trail(as_server: None) -> None:
    write_events(3)

    assert head_now().sequence == 3
    assert check_chain().problem == ""


@pytest.mark.parametrize("change", CHANGES)
def test_server_is_denied_to_change_a_signed_letter(
    therapist: User, as_server: None, change: str
) -> None:
    letter = make_signed(therapist)

    with (
        clinic_of(therapist),
        pytest.raises(DatabaseError, match=r"signed letter cannot be changed|permission denied"),
    ):
        run(change.format(table="letters_letter", column="reasoning"))

    with clinic_of(therapist):
        assert Letter.objects.get(pk=letter.pk).is_signed


def test_server_works_on_a_draft(therapist: User, as_server: None) -> None:
    draft = make_draft(therapist)

    with clinic_of(therapist):
        assert Letter.objects.filter(pk=draft.pk).update(reasoning="Changed") == 1


def test_server_cannot_change_keys_under_guarded_rows(
    as_server: None, therapist: User, settings: Settings
) -> None:
    letter = make_signed(therapist)
    settings.DATA_KEYS = [make_key(), *settings.DATA_KEYS]

    with pytest.raises(CommandError, match="as the owner of the tables"):
        call_command("data_keys", "rotate", stdout=StringIO())

    with clinic_of(therapist):
        assert bytes(Letter.objects.get(pk=letter.pk).pdf).startswith(b"%PDF-")
