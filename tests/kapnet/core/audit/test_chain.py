"""The chains of audit events: made by the database, checked by `audit verify`."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import UTC, datetime
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, connections, transaction

from kapnet.core.audit.actions import record_event
from kapnet.core.audit.chain import FIELDS, INSTALLATION, before_the_first, link_hash
from kapnet.core.audit.models import Event
from kapnet.core.audit.side_by_side import check_chains
from kapnet.core.audit.verifying import Checked, Head, beginning_of, head_of, name_of
from kapnet.core.people.models import Clinic, User
from tests.collecting import for_each
from tests.factories import make_clinic
from tests.triggers import triggers_off

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.both_databases]

REFUSED = r"append-only|permission denied"
"""By a trigger of SQLite; PostgreSQL does not even ask its triggers."""


def the_clinic() -> Clinic:
    return Clinic.objects.order_by("created_at").first() or make_clinic()


def head_now() -> Head:
    return head_of(the_clinic().pk)


def write_events(count: int = 5, clinic: Clinic | None = None) -> list[Event]:
    place = clinic or the_clinic()
    return [
        record_event(
            action="case.read", actor=None, clinic=place, object_type="case", object_id=number
        )
        for number in range(count)
    ]


def tamper(*statements: str, **values: int) -> None:
    """As somebody does who may switch the triggers off."""
    with triggers_off(), connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement, {name: values[name] for name in values if name in statement})


def problem() -> str:
    """The first thing that is wrong, with the clinic left unnamed."""
    found = check_chains().problems
    return found[0].replace(name_of(the_clinic().pk), "the chain") if found else ""


def test_each_field_of_an_event_is_hashed() -> None:
    assert set(FIELDS) == {field.attname for field in Event._meta.concrete_fields}


def test_empty_chain_holds() -> None:
    beginning = Head(0, before_the_first(INSTALLATION))

    assert check_chains().chains == {INSTALLATION: Checked(beginning)}
    assert beginning == beginning_of(INSTALLATION)


@pytest.mark.parametrize(
    "reason",
    [
        "",
        'Quote " and \\ stroke',
        "Tab\tline\nreturn\rfeed\fback\b",
        "\x01\x1f\x7f",
        "é 中 😀 \u2028",
    ],
)
def test_database_and_python_hash_the_same(reason: str, therapist: User) -> None:
    record_event(
        action="case.read",
        actor=therapist,
        clinic=therapist.membership.clinic,
        object_type="case",
        object_id=reason,
        case_id=therapist.pk,
        reason=reason,
    )
    Event.objects.create(action="a.b", object_type="c", at=datetime(2026, 1, 2, tzinfo=UTC))

    checked = check_chains()

    assert checked.problems == []
    assert {one.head.sequence for one in checked.chains.values()} == {1}
    assert checked.chains[INSTALLATION].head == checked.head == head_of(INSTALLATION)


def test_event_with_a_character_no_database_keeps_is_recorded_without_it() -> None:
    event = record_event(
        action="a.b", actor=None, clinic=None, object_type="c", object_id="1\x002", reason="\x00"
    )

    event.refresh_from_db()
    assert (event.object_id, event.reason) == ("12", "")
    assert problem() == ""


def test_event_of_a_transaction_that_is_rolled_back_leaves_no_gap() -> None:
    write_events(2)
    with transaction.atomic():
        write_events(2)
        transaction.set_rollback(True)
    write_events(1)

    assert problem() == ""
    assert head_now().sequence == 3


@for_each("column", ["action", "object_type", "object_id", "reason", "reference"], undone=True)
def test_changed_event_is_found(column: str) -> None:
    events = write_events()

    tamper(f"UPDATE audit_event SET {column} = 'x' WHERE id = %(id)s", id=events[2].pk)  # noqa: S608

    assert problem() == f"Event 3 of the chain (id {events[2].pk}) was changed or moved."


@pytest.mark.parametrize("column", ["actor_id", "clinic_id", "case_id"])
def test_event_that_lost_its_person_clinic_or_case_is_found(column: str, therapist: User) -> None:
    event = record_event(
        action="case.read",
        actor=therapist,
        clinic=therapist.membership.clinic,
        object_type="case",
        case_id=therapist.pk,
    )

    tamper(f"UPDATE audit_event SET {column} = NULL")  # noqa: S608

    assert problem() == f"Event 1 of the chain (id {event.pk}) was changed or moved."


def test_event_moved_in_time_is_found() -> None:
    first, *_ = write_events()

    tamper(
        "UPDATE audit_event SET at = '2026-01-02 03:04:05.678901' WHERE id = %(id)s", id=first.pk
    )

    assert "Event 1 of the chain" in problem()


@pytest.mark.parametrize("place", [1, 3, 5])
def test_removed_event_is_found_wherever_it_stood(place: int) -> None:
    events = write_events()

    tamper("DELETE FROM audit_event WHERE id = %(id)s", id=events[place - 1].pk)

    assert problem() == f"Event {place} of the chain is gone."


def test_event_removed_with_its_link_is_found() -> None:
    events = write_events()

    tamper(
        "DELETE FROM audit_link WHERE event_id = %(gone)s",
        "DELETE FROM audit_event WHERE id = %(gone)s",
        gone=events[2].pk,
    )

    assert problem() == "Event 3 of the chain is gone."


def test_swapped_events_are_found() -> None:
    events = write_events()
    second, third = events[1].pk, events[2].pk

    tamper(
        "UPDATE audit_link SET event_id = -1 WHERE event_id = %(second)s",
        "UPDATE audit_link SET event_id = %(second)s WHERE event_id = %(third)s",
        "UPDATE audit_link SET event_id = %(third)s WHERE event_id = -1",
        second=second,
        third=third,
    )

    assert problem() == f"Event 2 of the chain (id {third}) was changed or moved."


def test_swapped_links_are_found() -> None:
    write_events()

    tamper(
        "UPDATE audit_link SET sequence = -1 WHERE sequence = 2",
        "UPDATE audit_link SET sequence = 2 WHERE sequence = 3",
        "UPDATE audit_link SET sequence = 3 WHERE sequence = -1",
    )

    assert "Event 2 of the chain" in problem()


def test_event_inserted_past_the_chain_is_found() -> None:
    write_events()

    tamper(
        "INSERT INTO audit_event (at, action, object_type, object_id, outcome, reason, reference) "
        "VALUES ('2026-01-02 03:04:05.678901', 'case.read', 'case', '', 'done', '', '')"
    )

    stray = Event.objects.latest("id").pk
    assert problem() == f"Event with id {stray} was inserted past {name_of(INSTALLATION)}."


def test_event_put_in_the_place_of_another_is_found() -> None:
    if connection.vendor != "sqlite":
        pytest.skip("REPLACE INTO is SQLite's")
    events = write_events()

    with connection.cursor() as cursor:  # with the triggers on: SQLite asks none for a replacement
        cursor.execute(
            "REPLACE INTO audit_event "
            "(id, at, action, object_type, object_id, outcome, reason, reference) "
            "VALUES (%s, '2026-01-02 03:04:05.678901', 'x', 'case', '', 'done', '', '')",
            [events[1].pk],
        )

    assert problem() == "Event 2 of the chain is gone."


@pytest.mark.parametrize(
    "statement", ["UPDATE audit_link SET sha256 = ''", "DELETE FROM audit_link"]
)
def test_database_refuses_to_change_or_remove_a_link(statement: str) -> None:
    write_events(1)

    with (
        pytest.raises(DatabaseError, match=REFUSED),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement)

    assert problem() == ""


# Many writers at once


def in_threads(*jobs: Callable[[], object]) -> list[BaseException]:
    """Run the jobs at the same time, each on a connection of its own; their errors."""
    errors: list[BaseException] = []

    def run(job: Callable[[], object]) -> None:
        try:
            job()
        except BaseException as error:
            errors.append(error)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=(job,)) for job in jobs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    return errors


def test_writers_at_once_make_one_chain() -> None:
    clinic = make_clinic()

    def write() -> None:
        for _ in range(10):
            with transaction.atomic():
                write_events(2, clinic)

    assert in_threads(*[write] * 6) == []
    assert problem() == ""
    assert head_now().sequence == 120


def test_writers_that_lock_clinics_crosswise_never_wait_for_each_other() -> None:
    clinics = [make_clinic(name=f"Clinic {number}") for number in range(8)]

    def write(first: int) -> Callable[[], None]:
        """Lock one clinic, and write events that name others, whose rows others lock."""

        def run() -> None:
            for step in range(10):
                locked = clinics[(first + step) % 8]
                with transaction.atomic():
                    Clinic.objects.select_for_update().get(pk=locked.pk)
                    write_events(1, locked)
                with transaction.atomic():
                    for clinic in clinics[first:] + clinics[:first]:
                        Event.objects.create(action="a.b", object_type="c", clinic=clinic)

        return run

    assert in_threads(*[write(first) for first in range(8)]) == []
    assert problem() == ""
    assert sum(head_of(clinic.pk).sequence for clinic in clinics) == 8 * 10 * (1 + 8)


def test_long_transaction_holds_nobody_up() -> None:
    if connection.vendor != "postgresql":
        pytest.skip("SQLite has one writer at a time")
    clinic = make_clinic()

    with transaction.atomic():
        write_events(1, clinic)
        errors = in_threads(lambda: write_events(3, clinic))
        others = head_now().sequence

    assert errors == []
    assert others == 3
    assert problem() == ""
    assert head_now().sequence == 4


def test_many_events_in_one_transaction_are_not_searched_through_for_each() -> None:
    if connection.vendor != "postgresql":
        pytest.skip("SQLite makes each link with its event")
    clinic, count = make_clinic(), 300
    of_index = "SELECT pg_stat_get_tuples_returned('audit_turn_pkey'::regclass)"

    def looked_at() -> int:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_stat_force_next_flush()")
            cursor.execute(of_index)
            return int(cursor.fetchone()[0])

    for is_checked_before in (False, True):  # as entering a clinic and deleting a case do
        before = looked_at()
        with transaction.atomic():
            Event.objects.bulk_create(
                Event(action="a.b", object_type="c", clinic=clinic) for _ in range(count)
            )
            if is_checked_before:
                connection.check_constraints()
        assert looked_at() - before < 10 * count

    assert check_chains().problems == []


# The command


def run_audit(*words: str) -> str:
    out = StringIO()
    call_command("audit", *words, stdout=out)
    return out.getvalue()


def test_command_names_the_first_problem_and_fails() -> None:
    events = write_events()
    tamper("UPDATE audit_event SET reason = 'x'")
    errors = StringIO()

    with pytest.raises(CommandError) as failure:
        call_command("audit", "verify", stderr=errors, stdout=StringIO())

    name, event = name_of(the_clinic().pk), events[0].pk
    assert failure.value.returncode == 1
    assert errors.getvalue() == f"Event 1 of {name} (id {event}) was changed or moved.\n"


@pytest.mark.parametrize("head", ["5", "x:" + "0" * 64, "5:abc"])
def test_command_refuses_a_head_it_cannot_read(head: str) -> None:
    with pytest.raises(CommandError, match="is no head") as failure:
        run_audit("verify", "--head", head)

    assert failure.value.returncode == 2


def test_link_hash_is_a_contract() -> None:
    """Whoever checks an export without this program takes the hash of exactly this text."""
    values = (
        1,
        datetime(2026, 1, 2, tzinfo=UTC),
        None,
        None,
        "a.b",
        "c",
        "",
        None,
        "done",
        "é",
        "",
    )

    assert link_hash(1, "0" * 64, values) == (
        "95820293ab1849a30e550cff0395fb13fe8d46b845764d2afc89b50e595d2000"
    )
