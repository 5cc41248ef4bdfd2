"""A lost trigger is told: at the start of the server, by a check and by `audit verify`."""

from __future__ import annotations

from collections.abc import Iterator
from io import StringIO

import pytest
from django.core.checks import run_checks
from django.core.management import CommandError, call_command
from django.db import connection, transaction

from decisions.audit_log.queries import Filters, actions_of, events_of
from kapnet.core.audit.actions import record_event
from kapnet.core.audit.guards import lost_triggers
from kapnet.core.audit.models import Event
from kapnet.core.people.models import Clinic
from kapnet.ready import stop_unless_ready

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]

ON_SQLITE = ("audit_event_no_update", "audit_event_no_delete", "audit_event_chained")
ON_POSTGRESQL = ("audit_event_no_change", "audit_event_turn", "letters_letter_signed_stays")
LOST = ON_SQLITE if connection.vendor == "sqlite" else ON_POSTGRESQL
TABLES = {"audit": "audit_event", "letters": "letters_letter"}


@pytest.fixture(params=LOST)
def lost(request: pytest.FixtureRequest) -> Iterator[str]:
    """A database without one of its triggers; on PostgreSQL it is only switched off."""
    name = str(request.param)
    table = TABLES[name.partition("_")[0]]
    with transaction.atomic():
        with connection.cursor() as cursor:
            if connection.vendor == "sqlite":
                cursor.execute(f"DROP TRIGGER {name}")
            else:
                cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER {name}")
        yield name
        transaction.set_rollback(True)


def test_every_trigger_is_there_after_all_migrations() -> None:
    assert lost_triggers() == []


def test_trigger_that_runs_on_a_replica_alone_is_lost() -> None:
    if connection.vendor != "postgresql":
        pytest.skip("SQLite has no replicas")
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE audit_event ENABLE REPLICA TRIGGER audit_event_turn")

    assert lost_triggers() == ["audit_event_turn"]


def test_lost_trigger_is_named_by_the_check(lost: str) -> None:
    found = run_checks(databases=["default"])

    assert [one.id for one in found] == ["audit.E001"]
    assert lost in found[0].msg


def test_lost_trigger_is_named_by_audit_verify(lost: str) -> None:
    told = StringIO()

    with pytest.raises(CommandError):
        call_command("audit", "verify", stdout=StringIO(), stderr=told)

    assert lost in told.getvalue()


def test_server_does_not_start_without_a_trigger(
    lost: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("kapnet.ready.close_database", lambda: None)  # the test's own connection

    with pytest.raises(SystemExit, match=lost):
        stop_unless_ready()


@pytest.mark.parametrize("action", ["letter.signed", "no.such"])
def test_filter_by_action_reads_no_other_event(clinic: Clinic, action: str) -> None:
    Event.objects.bulk_create(
        Event(action="case.read", clinic=clinic, object_type="case") for _ in range(3000)
    )
    record_event(action="letter.signed", actor=None, clinic=clinic, object_type="letter")
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")

    plan = events_of(clinic, Filters(action=action))[:50].explain()

    assert "event_by_action" in plan
    assert set(actions_of(clinic)) == {"case.read", "letter.signed"}
