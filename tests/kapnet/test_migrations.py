"""Migrations from nothing make what the models and the guards say; going back leaves none of it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import connection, connections
from django.db.backends.utils import CursorWrapper
from django.db.migrations.executor import MigrationExecutor
from django.db.models import Model
from django_scopes import scopes_disabled
from pytest_django import DjangoDbBlocker

from decisions.desk.models import Delivery
from decisions.letters.models import CopyDigest
from kapnet.core.accounts.walls.row_security import walled_models
from kapnet.core.accounts.walls.same_clinic import NAMED, loosen_before_migrating
from kapnet.core.audit.guards import lost_triggers
from kapnet.core.people.models import User
from tests.decisions.case_factories import make_case
from tests.decisions.letters.stored_letters import make_draft, sign
from tests.kapnet.core.encryption.kept_rows import fill_everything

pytestmark = pytest.mark.both_databases

ON_SQLITE, ON_POSTGRESQL = connection.vendor == "sqlite", connection.vendor == "postgresql"

APPEND_ONLY = (
    "audit_event",
    "audit_link",
    "audit_notedhead",
    "curation_changecomment",
    "curation_changestep",
    "curation_reading",
    "decisions_decision",
    "decisions_editionmove",
    "desk_deliverystep",
    "desk_replylink",
    "emergency_emergencyaccess",
    "emergency_emergencysearch",
    "emergency_emergencystep",
    "evidence_release",
    "exit_enteredchain",
    "exit_enteredlink",
    "follow_up_cohortreport",
    "letters_emergencydisclosure",
    "letters_seal",
    "life_lifestep",
    "patient_patientcorrection",
    "received_received",
    "reminders_done",
    "reminders_reminder",
    "retractions_retractioncheck",
)
KEPT = (
    "clients_agreement",
    "consents_consent",
    "decisions_safetytask",
    "desk_reply",
    "exit_exit",
    "follow_up_adverseevent",
    "follow_up_assessment",
    "follow_up_course",
    "follow_up_followupend",
    "form_links_formlink",
    "form_links_proposal",
    "life_deletion",
    "received_proposedanswer",
)
OTHER_GUARDS = (
    {
        "audit_event_chained",
        "letters_letter_signed_no_update",
        "letters_letter_signed_no_delete",
    }
    if ON_SQLITE
    else {
        "audit_event_turn",
        "audit_turn_chain",
        "letters_letter_signed_stays",
        "letters_letter_no_truncate",
        "clinics_user_owners",
    }
)
WITHOUT_A_MODEL = {"django_migrations", "shared_cache"} | (
    {"audit_turn"} if ON_POSTGRESQL else set()
)

EVERYTHING = (
    "SELECT type, name, tbl_name, sql FROM sqlite_master WHERE name NOT LIKE 'sqlite_%'"
    if ON_SQLITE
    else """
SELECT 'column', table_name || '.' || column_name, concat_ws(' ', ordinal_position, data_type,
    character_maximum_length, is_nullable, column_default, is_identity)
FROM information_schema.columns WHERE table_schema = 'public'
UNION ALL SELECT 'constraint', conrelid::regclass || '.' || conname, pg_get_constraintdef(oid)
FROM pg_constraint WHERE connamespace = 'public'::regnamespace
UNION ALL SELECT 'index', indexname, indexdef FROM pg_indexes WHERE schemaname = 'public'
UNION ALL SELECT 'trigger', tgname, pg_get_triggerdef(oid) FROM pg_trigger WHERE NOT tgisinternal
UNION ALL SELECT 'function', proname, pg_get_functiondef(oid)
FROM pg_proc WHERE pronamespace = 'public'::regnamespace
UNION ALL SELECT 'policy', tablename || '.' || policyname, qual FROM pg_policies
UNION ALL SELECT 'rights', relname, concat_ws(' ', relacl, relrowsecurity, relforcerowsecurity)
FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r'
"""
)


@pytest.mark.django_db
def test_tables_and_columns_are_those_of_the_models() -> None:
    with connection.cursor() as cursor:
        tables = set(connection.introspection.table_names(cursor))
        columns = {
            model: {
                one.name
                for one in connection.introspection.get_table_description(
                    cursor, model._meta.db_table
                )
            }
            for model in stored_models()
        }

    assert tables == {one._meta.db_table for one in stored_models()} | WITHOUT_A_MODEL
    assert columns == {
        model: {field.column for field in model._meta.concrete_fields} for model in stored_models()
    }


@pytest.mark.django_db
def test_constraints_and_indexes_are_those_of_the_models() -> None:
    models = apps.get_models()

    with connection.cursor() as cursor:
        there = {model: constraints_and_indexes_of(model, cursor) for model in models}

    assert there == {
        model: {one.name for one in (*model._meta.constraints, *model._meta.indexes)}
        for model in models
    }


@pytest.mark.django_db
def test_guards_are_these_and_no_others() -> None:
    verbs = ("update", "delete") if ON_SQLITE else ("change", "truncate")
    expected = {f"{table}_no_{verb}" for table in APPEND_ONLY for verb in verbs}
    kept_verbs = ("delete", "change") if ON_SQLITE else ("delete", "change", "truncate")
    expected |= {f"{table}_no_{verb}" for table in KEPT for verb in kept_verbs}

    triggers = {one[1] for one in everything() if one[0] == "trigger"}
    assert {one for one in triggers if NAMED not in one} == expected | OTHER_GUARDS


@pytest.mark.long
@pytest.mark.database
@pytest.mark.slow
def test_going_back_to_nothing_and_forward_again(empty: str) -> None:
    call_command("migrate", database=empty, verbosity=0)
    before = everything(empty)

    # All of ours hangs on the people of the clinics, but for the checks of retractions.
    for app in ("clinics", "retractions"):
        call_command("migrate", app, "zero", database=empty, verbosity=0)
    left = set(connections[empty].introspection.table_names())
    kinds_left = {one[0] for one in everything(empty)}
    call_command("migrate", database=empty, verbosity=0)

    assert not left & {one._meta.db_table for one in stored_models() if is_ours(one)}
    assert not left & (WITHOUT_A_MODEL - {"django_migrations"})
    assert not kinds_left & {"trigger", "function", "policy"}
    assert everything(empty) == before


@pytest.mark.long
@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_letters_of_before_are_found_by_their_copies_and_in_turn(therapist: User) -> None:
    letter = sign(make_draft(therapist, copies="The patient"), therapist)

    for target in (["letters", "0009"], []):
        call_command("migrate", *target, verbosity=0)

    with scopes_disabled():
        found = set(CopyDigest.objects.filter(letter=letter).values_list("digest", flat=True))
        delivery = Delivery.objects.get(letter=letter)
    assert found == set((letter.copies_index or "").split())
    assert delivery.signed_at == letter.signed_at


@pytest.mark.long
@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_rows_of_before_say_whose_they_are(
    therapist: User, staff: User, other_therapist: User
) -> None:
    fill_everything(therapist, staff)
    make_case(other_therapist, tms_courses=1)
    rows, there = whose_rows_are(), {one[:2] for one in everything()}

    go_back_to_before("whose_it_is")
    assert {one[:2] for one in everything()} != there
    call_command("migrate", verbosity=0)

    assert whose_rows_are() == rows
    assert {one[:2] for one in everything()} == there
    assert lost_triggers() == []


@pytest.fixture
def empty(
    tmp_path: Path, django_db_setup: None, django_db_blocker: DjangoDbBlocker
) -> Iterator[str]:
    """The alias of a database without a table, beside the one of the tests.

    Django forbids a test of its own kind every database that the settings do not name.
    """
    alias = "empty"
    name = str(tmp_path / "empty.sqlite3") if ON_SQLITE else f"{connection.settings_dict['NAME']}_2"
    with django_db_blocker.unblock():
        on_the_server("DROP DATABASE IF EXISTS {}", name)
        on_the_server("CREATE DATABASE {}", name)
        connections.databases[alias] = {**connection.settings_dict, "NAME": name}
        yield alias
        connections[alias].close()
        if ON_POSTGRESQL:
            connections[alias].close_pool()  # type: ignore[attr-defined]
        del connections[alias], connections.databases[alias]
        on_the_server("DROP DATABASE {}", name)


def whose_rows_are() -> dict[str, list[tuple[object, object]]]:
    """Each row of each table behind a wall, with its clinic."""
    with scopes_disabled():
        return {
            model._meta.label: sorted(model.objects.values_list("pk", "clinic_id"), key=str)
            for model in walled_models()
        }


def go_back_to_before(name: str) -> None:
    """In every app that has a migration of this name, as `migrate` would one app after another."""
    executor = MigrationExecutor(connection)
    before = [
        next(one for one in migration.dependencies if one[0] == app)
        for (app, named), migration in executor.loader.disk_migrations.items()
        if named.endswith(name)
    ]
    loosen_before_migrating("default", plan=before)
    with scopes_disabled():
        executor.migrate(before)


def on_the_server(sql: str, name: str) -> None:
    """SQLite needs no such thing: its databases are files."""
    if ON_POSTGRESQL:
        with connection._nodb_cursor() as cursor:
            cursor.execute(sql.format(connection.ops.quote_name(name)))


def stored_models() -> list[type[Model]]:
    return [one for one in apps.get_models(include_auto_created=True) if one._meta.managed]


def is_ours(model: type[Model]) -> bool:
    return model.__module__.split(".")[0] in {"kapnet", "evidence", "decisions"}


def constraints_and_indexes_of(model: type[Model], cursor: CursorWrapper) -> set[str]:
    """By name, without those that Django makes for single fields and names after the table."""
    table = model._meta.db_table
    return {
        name
        for name, one in connection.introspection.get_constraints(cursor, table).items()
        if not (one["primary_key"] or one["foreign_key"])
        and not name.startswith((table, "__unnamed_constraint"))
    }


def everything(alias: str = "default") -> set[tuple[Any, ...]]:
    """Each table, column, constraint, index, trigger, function, policy and right."""
    with connections[alias].cursor() as cursor:
        cursor.execute(EVERYTHING)
        return set(cursor.fetchall())
