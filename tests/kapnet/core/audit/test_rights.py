"""What PostgreSQL lets the server's role and the owner of the tables do to the audit log (S-48)."""

from __future__ import annotations

from collections.abc import Iterator
from io import StringIO

import pytest
from django.contrib.admin.models import LogEntry
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction
from pytest_django.fixtures import Settings

from decisions.consents.actions import record_consent, revoke_consent
from decisions.consents.models import Consent
from decisions.letters.models import Letter
from kapnet.core.audit.models import Event
from kapnet.core.audit.rights import rights_of
from kapnet.core.audit.side_by_side import check_chains
from kapnet.core.encryption.keys import make_key
from kapnet.core.people.models import User
from tests.collecting import for_each
from tests.decisions.case_factories import POSITIVE_FORM, clinic_of, close_task, make_case
from tests.decisions.consents.test_consent_views import PAPER
from tests.decisions.letters.stored_letters import make_draft, make_signed
from tests.kapnet.core.audit.test_chain import head_now, write_events

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

AUDITED = [("audit_event", "reason"), ("audit_link", "sha256"), ("audit_notedhead", "sha256")]


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
@for_each(("table", "column"), AUDITED)
def test_owner_is_denied_to_change_the_trail(change: str, table: str, column: str) -> None:
    write_events(1)

    with pytest.raises(DatabaseError, match="permission denied"):
        run(change.format(table=table, column=column))

    assert check_chains().problems == []


@pytest.mark.parametrize("change", CHANGES)
@pytest.mark.parametrize(("table", "column"), AUDITED)
def test_server_is_denied_to_change_the_trail(
    as_server: None, change: str, table: str, column: str
) -> None:
    write_events(1)

    with pytest.raises(DatabaseError, match="permission denied"):
        run(change.format(table=table, column=column))


@pytest.mark.parametrize(
    "change",
    [
        "INSERT INTO audit_link (event_id) VALUES (1)",
        "INSERT INTO audit_notedhead (sequence) VALUES (1)",
        "INSERT INTO audit_turn (event_id) VALUES (1)",
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
    assert check_chains().problems == []


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


# What the server's role could do once and cannot any more


@pytest.fixture
def consent(therapist: User) -> Consent:
    """One that no letter names."""
    case = make_case(therapist)
    with clinic_of(therapist):
        given: Consent = record_consent(case=case, actor=therapist, values=PAPER)
    return given


@pytest.fixture
def revoked(consent: Consent, therapist: User) -> Consent:
    with clinic_of(therapist):
        revoke_consent(consent=consent, actor=therapist, because="Taken back.")
    return consent


def refused_in_the_clinic(therapist: User, statement: str, why: str) -> None:
    with clinic_of(therapist), pytest.raises(DatabaseError, match=why):
        run(statement)


@for_each(
    "statement",
    [
        "DELETE FROM consents_consent",
        "TRUNCATE consents_consent CASCADE",
        "UPDATE consents_consent SET recipient = ''",
        "UPDATE consents_consent SET revoked_at = NULL, revoked_by_id = NULL",
        "UPDATE consents_consent SET revoked_at = now()",
    ],
)
def test_consent_stays_and_stays_revoked(
    revoked: Consent, therapist: User, as_server: None, statement: str
) -> None:
    refused_in_the_clinic(therapist, statement, "rows stay|permission denied")

    with clinic_of(therapist):
        assert Consent.objects.get().is_revoked


@for_each(
    "statement",
    [
        "DELETE FROM consents_consent",
        "UPDATE consents_consent SET expires_on = '2999-01-01'",
        "UPDATE consents_consent SET recipient = '', revoked_at = now(), revoked_by_id = {person}",
    ],
)
def test_consent_that_holds_is_not_changed_or_removed(
    consent: Consent, therapist: User, as_server: None, statement: str
) -> None:
    whole = statement.format(person=f"'{therapist.pk}'")
    refused_in_the_clinic(therapist, whole, "rows stay")


def test_server_revokes_a_consent(consent: Consent, therapist: User, as_server: None) -> None:
    with clinic_of(therapist):
        revoke_consent(consent=consent, actor=therapist, because="Taken back.")
        assert Consent.objects.get().is_revoked


@pytest.mark.parametrize("is_closed", [True, False])
@for_each(
    "statement", ["DELETE FROM decisions_safetytask", "TRUNCATE decisions_safetytask CASCADE"]
)
def test_safety_task_is_not_removed(
    therapist: User, as_server: None, statement: str, is_closed: bool
) -> None:
    case = make_case(therapist, phq9=POSITIVE_FORM)
    if is_closed:
        close_task(case, therapist)

    refused_in_the_clinic(therapist, statement, "rows stay|permission denied")


def test_safety_task_that_is_closed_stays_as_it_is(therapist: User, as_server: None) -> None:
    close_task(make_case(therapist, phq9=POSITIVE_FORM), therapist)

    for change in ("closed_at = NULL, closed_by_id = NULL", "assessment = 'x'", "item9 = 0"):
        statement = f"UPDATE decisions_safetytask SET {change}"  # noqa: S608 - of this test
        refused_in_the_clinic(therapist, statement, "rows stay")


@for_each(
    "statement",
    [
        "DELETE FROM django_admin_log",
        "UPDATE django_admin_log SET change_message = ''",
        "DELETE FROM django_migrations",
        "UPDATE django_migrations SET name = ''",
        "INSERT INTO django_migrations (app, name, applied) VALUES ('x', 'y', now())",
    ],
)
def test_server_rewrites_neither_the_log_of_the_admin_nor_the_migrations(
    as_server: None, statement: str
) -> None:
    with pytest.raises(DatabaseError, match="permission denied"):
        run(statement)


def test_server_reads_migrations_and_adds_to_the_log_of_the_admin(
    as_server: None, manager: User
) -> None:
    LogEntry.objects.create(user=manager, object_repr="x", action_flag=1)

    call_command("migrate", check_unapplied=True, verbosity=0)
    assert LogEntry.objects.count() == 1


def test_server_makes_no_owner_of_the_installation(therapist: User, as_server: None) -> None:
    refused = pytest.raises(DatabaseError, match="only the owner of the tables")
    with refused:
        run("UPDATE clinics_user SET is_superuser = true")
    with refused, transaction.atomic():
        User.objects.create_superuser("new@test.example", name="N. New")

    assert not User.objects.filter(is_superuser=True).exists()


def test_server_works_with_an_owner_that_is_there(as_server: None) -> None:
    with connection.cursor() as cursor:
        cursor.execute("RESET ROLE")
        owner = User.objects.create_superuser("owner@test.example", name="O. Owner")
        cursor.execute(f"SET ROLE {SERVER}")

    owner.name = "O. Other"
    owner.save()
    owner.is_superuser = False
    owner.save()

    assert not User.objects.filter(is_superuser=True).exists()


def test_owner_of_the_tables_makes_an_owner_of_the_installation() -> None:
    User.objects.create_superuser("owner@test.example", name="O. Owner")

    assert User.objects.filter(is_superuser=True).count() == 1


def test_rights_are_granted_by_the_command() -> None:
    said = StringIO()
    try:
        call_command("audit", "rights", SERVER, grant=True, stdout=said)
        with connection.cursor() as cursor:
            cursor.execute(f"SET ROLE {SERVER}")
        assert Event.objects.count() >= 0
        with pytest.raises(DatabaseError, match="permission denied"):
            run("DELETE FROM audit_event")
    finally:
        with connection.cursor() as cursor:
            cursor.execute("RESET ROLE")
            cursor.execute(f"DROP OWNED BY {SERVER}")

    assert "kapnet_server has the rights of the server" in said.getvalue()
