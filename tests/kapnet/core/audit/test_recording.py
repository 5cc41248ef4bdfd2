"""Audit events are written once."""

from __future__ import annotations

import pytest
from django.db import DatabaseError, connection, transaction
from pytest_django import DjangoAssertNumQueries

from kapnet.core.audit.actions import record_event
from kapnet.core.audit.models import AppendOnlyError, Event
from kapnet.core.people.models import Clinic, User
from tests.factories import make_clinic

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


def make_event(clinic: Clinic | None = None) -> Event:
    return record_event(
        action="case.read", actor=None, clinic=clinic, object_type="case", object_id="1"
    )


def test_record_event_is_one_insert(
    therapist: User, clinic: Clinic, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_num_queries(1):
        record_event(
            action="case.read", actor=therapist, clinic=clinic, object_type="case", object_id="1"
        )


def test_model_refuses_to_change_or_remove() -> None:
    event = make_event()

    event.reason = "changed"
    with pytest.raises(AppendOnlyError):
        event.save()
    with pytest.raises(AppendOnlyError):
        event.delete()
    with pytest.raises(AppendOnlyError):
        Event.objects.update(reason="changed")
    with pytest.raises(AppendOnlyError):
        Event.objects.all().delete()


@pytest.mark.parametrize(
    "statement",
    ["UPDATE audit_event SET reason = 'changed'", "DELETE FROM audit_event"],
)
def test_database_refuses_to_change_or_remove(statement: str) -> None:
    make_event(make_clinic())

    with (
        pytest.raises(DatabaseError, match=r"append-only|permission denied"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement)

    assert Event.objects.count() == 1
    assert Event.objects.get().reason == ""


def test_reason_is_cut_to_its_column() -> None:
    event = record_event(
        action="page.open", actor=None, clinic=None, object_type="page", reason="x" * 500
    )

    assert len(event.reason) == 200
