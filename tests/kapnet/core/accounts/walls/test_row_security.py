"""The second wall: what PostgreSQL shows the app's own role, asked by raw SQL."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django_scopes import scope, scopes_disabled

from decisions.cases.models import Case
from kapnet.core.accounts.walls.row_security import (
    EVERY,
    NONE,
    raise_walls_after_migrating,
    said_now,
    walled_models,
)
from kapnet.core.encryption.keys import keyring
from kapnet.core.people.models import Clinic, User
from kapnet.ready import lets_clinics_mix
from tests.decisions.case_factories import make_case

needs_postgresql = pytest.mark.skipif(
    connection.vendor != "postgresql", reason="SQLite has no row level security"
)
pytestmark = pytest.mark.django_db


def names_by_raw_sql() -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT patient_name FROM decisions_case")
        return sorted(keyring().decrypt(name.encode()).decode() for (name,) in cursor.fetchall())


@pytest.fixture
def two_cases(therapist: User, other_therapist: User) -> tuple[Case, Case]:
    return (
        make_case(therapist, name="Ours", tms_courses=1),
        make_case(other_therapist, name="Theirs", tms_courses=1),
    )


def test_every_table_behind_the_first_wall_stands_behind_the_second() -> None:
    scoped = {
        model
        for model in apps.get_models()
        if type(model._default_manager).__module__ == "django_scopes.manager"
    }

    assert set(walled_models()) == scoped
    assert Case in scoped


def test_connection_says_what_the_scope_says(clinic: Clinic) -> None:
    assert said_now() == NONE
    with scopes_disabled():
        assert said_now() == EVERY
        with scope(clinic=clinic):
            assert said_now() == str(clinic.pk)
    assert said_now() == NONE


@needs_postgresql
def test_role_of_the_app_is_no_superuser_and_no_bypasser() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT rolsuper, rolbypassrls FROM pg_roles WHERE rolname = current_user")
        assert cursor.fetchone() == (False, False)


@needs_postgresql
def test_every_walled_table_has_a_policy_that_binds_its_owner() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT c.relname FROM pg_class c JOIN pg_policies p ON p.tablename = c.relname "
            "WHERE c.relrowsecurity AND c.relforcerowsecurity"
        )
        walled = {name for (name,) in cursor.fetchall()}

    assert walled == {model._meta.db_table for model in walled_models()}


@needs_postgresql
@pytest.mark.parametrize(
    "lost",
    [
        "DROP POLICY rows_of_the_clinic ON desk_delivery",
        "ALTER POLICY rows_of_the_clinic ON desk_delivery USING (true)",
        "ALTER TABLE desk_delivery NO FORCE ROW LEVEL SECURITY",
        "ALTER TABLE desk_delivery DISABLE ROW LEVEL SECURITY",
    ],
)
def test_wall_that_was_lost_is_told_and_there_after_the_next_migrate(lost: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(lost)
    assert lets_clinics_mix() == ["desk_delivery"]

    raise_walls_after_migrating("default", plan=[])

    assert lets_clinics_mix() == []


@needs_postgresql
@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_going_back_over_migrations_and_forward_again_leaves_every_wall() -> None:
    before = tables_with_a_wall()

    call_command("migrate", "emergency", "zero", verbosity=0)
    fewer = tables_with_a_wall()
    call_command("migrate", verbosity=0)

    assert before - fewer == {
        "emergency_emergencyaccess",
        "emergency_emergencysearch",
        "emergency_emergencystep",
    }
    assert tables_with_a_wall() == before


def tables_with_a_wall() -> set[str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_policies")
        return {name for (name,) in cursor.fetchall()}


@needs_postgresql
def test_raw_sql_without_a_scope_finds_nothing(two_cases: tuple[Case, Case]) -> None:
    assert names_by_raw_sql() == []


@needs_postgresql
def test_raw_sql_finds_its_own_clinic_only(
    two_cases: tuple[Case, Case], clinic: Clinic, other_therapist: User
) -> None:
    with scope(clinic=clinic):
        assert names_by_raw_sql() == ["Ours"]
    with scope(clinic=other_therapist.membership.clinic):
        assert names_by_raw_sql() == ["Theirs"]
    with scopes_disabled():
        assert names_by_raw_sql() == ["Ours", "Theirs"]


@needs_postgresql
def test_rows_that_hang_on_a_case_are_hidden_with_it(
    two_cases: tuple[Case, Case], clinic: Clinic
) -> None:
    with scope(clinic=clinic), connection.cursor() as cursor:
        cursor.execute("SELECT DISTINCT case_id FROM decisions_answer")
        assert [row[0] for row in cursor.fetchall()] == [two_cases[0].pk]


@needs_postgresql
def test_raw_sql_changes_and_removes_nothing_of_another_clinic(
    two_cases: tuple[Case, Case], clinic: Clinic
) -> None:
    with scope(clinic=clinic), connection.cursor() as cursor:
        cursor.execute("UPDATE decisions_case SET reference = 'x'")
        assert cursor.rowcount == 1
        cursor.execute("DELETE FROM decisions_answer WHERE case_id = %s", [two_cases[1].pk])
        assert cursor.rowcount == 0


@needs_postgresql
def test_raw_sql_puts_no_row_into_another_clinic(
    two_cases: tuple[Case, Case], clinic: Clinic
) -> None:
    theirs = two_cases[1].clinic_id

    with (
        scope(clinic=clinic),
        connection.cursor() as cursor,
        pytest.raises(DatabaseError, match="row-level security"),
        transaction.atomic(),
    ):
        cursor.execute("UPDATE decisions_case SET clinic_id = %s", [theirs])


@needs_postgresql
def test_going_back_to_a_savepoint_leaves_no_wrong_clinic(
    two_cases: tuple[Case, Case], clinic: Clinic
) -> None:
    def look_everywhere_and_fail() -> None:
        with transaction.atomic(), scopes_disabled():
            assert len(names_by_raw_sql()) == 2
            raise ZeroDivisionError

    with scope(clinic=clinic):
        with pytest.raises(ZeroDivisionError):
            look_everywhere_and_fail()
        assert names_by_raw_sql() == ["Ours"]


@needs_postgresql
@pytest.mark.django_db(transaction=True)
def test_transaction_after_transaction_leaves_no_wrong_clinic(
    two_cases: tuple[Case, Case], clinic: Clinic
) -> None:
    other = two_cases[1].clinic

    with scope(clinic=clinic):
        assert names_by_raw_sql() == ["Ours"]
    for asked, found in ((other, "Theirs"), (clinic, "Ours"), (other, "Theirs")):
        with transaction.atomic(), scope(clinic=asked):
            assert names_by_raw_sql() == [found]
    with transaction.atomic(), scope(clinic=clinic):
        assert names_by_raw_sql() == ["Ours"]
        transaction.set_rollback(True)
    with transaction.atomic(), scope(clinic=other):
        assert names_by_raw_sql() == ["Theirs"]
    assert names_by_raw_sql() == []


@needs_postgresql
@pytest.mark.django_db(transaction=True)
def test_statement_that_fails_leaves_no_wrong_clinic(
    two_cases: tuple[Case, Case], clinic: Clinic
) -> None:
    def look_everywhere_and_fail() -> None:
        with transaction.atomic(), scopes_disabled(), connection.cursor() as cursor:
            assert len(names_by_raw_sql()) == 2
            cursor.execute("SELECT 1 / 0")

    with transaction.atomic(), scope(clinic=clinic):
        with pytest.raises(DatabaseError):
            look_everywhere_and_fail()
        assert names_by_raw_sql() == ["Ours"]


@needs_postgresql
@pytest.mark.django_db(transaction=True)
def test_clinic_is_said_once_in_a_transaction(two_cases: tuple[Case, Case], clinic: Clinic) -> None:
    with transaction.atomic(), scope(clinic=clinic):
        assert names_by_raw_sql() == ["Ours"]
        connection.connection.execute("SELECT set_config('kapnet.clinic', '', true)")
        assert names_by_raw_sql() == []


@needs_postgresql
@pytest.mark.django_db(transaction=True)
def test_what_refuses_a_transaction_runs_without_one() -> None:
    with connection.cursor() as cursor:
        cursor.execute("VACUUM django_migrations")


def said_by_the_connection() -> str | None:
    """What is left of it between transactions, asked past the app."""
    [said] = connection.connection.execute("SELECT current_setting('kapnet.clinic', true)")
    return str(said[0] or "")


@needs_postgresql
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("apart", [False, True])
def test_clinic_is_said_for_a_transaction_and_no_longer(
    two_cases: tuple[Case, Case], clinic: Clinic, settings: Any, apart: bool
) -> None:
    settings.CLINIC_SAID_APART = apart
    other = two_cases[1].clinic

    for asked, found in ((clinic, "Ours"), (other, "Theirs"), (clinic, "Ours")):
        with scope(clinic=asked):
            assert names_by_raw_sql() == [found]
            assert said_by_the_connection() == ""
            assert [one.patient_name for one in Case.objects.iterator()] == [found]
            assert said_by_the_connection() == ""
            with transaction.atomic():
                assert names_by_raw_sql() == [found]
            assert said_by_the_connection() == ""
            with pytest.raises(DatabaseError), connection.cursor() as cursor:
                cursor.execute("SELECT 1 / 0")
            assert said_by_the_connection() == ""
            with connection.cursor() as cursor:
                cursor.executemany("UPDATE decisions_answer SET version = %s", [(8,), (9,)])
                assert cursor.rowcount > 0
            assert said_by_the_connection() == ""
    assert names_by_raw_sql() == []
    with scopes_disabled():
        assert names_by_raw_sql() == ["Ours", "Theirs"]
    assert said_by_the_connection() == ""


SHAPES = (
    "-- 50 %; SELECT\nSELECT clinic_id FROM decisions_case",
    "/* UPDATE */ WITH one AS (SELECT clinic_id FROM decisions_case) TABLE one;",
    "(SELECT clinic_id FROM decisions_case) UNION (SELECT clinic_id FROM decisions_answer)",
    "SELECT clinic_id FROM decisions_case WHERE ';%' <> '; '; SELECT 1",
    "UPDATE decisions_case SET reference = reference RETURNING clinic_id",
)


@needs_postgresql
@pytest.mark.django_db(transaction=True)
def test_statement_of_any_shape_finds_its_own_clinic_only(two_cases: tuple[Case, Case]) -> None:
    ours, theirs = (one.clinic for one in two_cases)
    found = []

    for sql in SHAPES:
        with connection.cursor() as cursor:
            for clinic in (ours, theirs):
                with scope(clinic=clinic):
                    cursor.execute(sql)
                    found.append((sql, clinic.pk, cursor.fetchall()))
            with transaction.atomic():
                for clinic in (theirs, ours):
                    with scope(clinic=clinic):
                        cursor.execute(sql)
                        found.append((sql, clinic.pk, cursor.fetchall()))

    assert [one for one in found if one[2] != [(one[1],)]] == []
    assert said_by_the_connection() == ""


@needs_postgresql
@pytest.mark.django_db(transaction=True)
def test_page_leaves_no_clinic_said(therapist: User, client_for: Callable[[User], Client]) -> None:
    case, client = make_case(therapist, name="Ours", tms_courses=1), client_for(therapist)

    for address in (f"/cases/{case.pk}/", "/cases/", f"/cases/{uuid4()}/"):
        client.get(address)
        assert said_by_the_connection() == ""


@needs_postgresql
@pytest.mark.django_db(transaction=True)
def test_connection_that_somebody_told_a_clinic_is_not_believed(
    two_cases: tuple[Case, Case], clinic: Clinic
) -> None:
    assert names_by_raw_sql() == []
    connection.connection.execute("SET kapnet.clinic = '*'")
    assert names_by_raw_sql() == []
    with transaction.atomic():
        assert names_by_raw_sql() == []
    with scope(clinic=clinic):
        assert names_by_raw_sql() == ["Ours"]


@needs_postgresql
@pytest.mark.django_db(transaction=True)
def test_new_connection_knows_no_clinic(two_cases: tuple[Case, Case], clinic: Clinic) -> None:
    with scope(clinic=clinic):
        assert names_by_raw_sql() == ["Ours"]
    connection.close()

    assert names_by_raw_sql() == []
    with scope(clinic=clinic):
        assert names_by_raw_sql() == ["Ours"]
    assert names_by_raw_sql() == []
