"""One transaction has the events of one clinic; those of others are owed, and come once."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.db import transaction

from kapnet.core.audit import actions
from kapnet.core.audit.actions import record_event
from kapnet.core.audit.models import Event, OwedEvent
from kapnet.core.audit.one_clinic import SecondClinicError
from kapnet.core.audit.side_by_side import check_chains
from kapnet.core.background.pruning import prune
from kapnet.core.notices import owed
from kapnet.core.notices.owed import owe_event, write_owed_events
from kapnet.core.people.models import Clinic
from tests.factories import make_clinic
from tests.worker import worked


def record(clinic: Clinic | None) -> Event:
    return record_event(action="a.b", actor=None, clinic=clinic, object_type="c")


@pytest.mark.django_db
def test_second_clinic_in_one_transaction_is_refused() -> None:
    north, south = make_clinic(name="North"), make_clinic(name="South")

    with transaction.atomic():
        record(None)
        record(north)
        with transaction.atomic():
            record(north)
        with pytest.raises(SecondClinicError, match="owe it instead"), transaction.atomic():
            record(south)
    with transaction.atomic():
        with transaction.atomic():
            record(north)
            transaction.set_rollback(True)
        record(south)
    record(north)

    assert list(Event.objects.values_list("clinic__name", flat=True)) == [
        *("North", "South", "North", "North", None)
    ]


@pytest.mark.django_db(transaction=True)
@pytest.mark.both_databases
def test_killed_between_two_clinics_a_worker_goes_on_and_each_event_comes_once(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    clinics = sorted(
        (make_clinic(name=name) for name in ("North", "South")), key=lambda one: one.pk
    )
    with transaction.atomic():
        record(None)
        for clinic in [*clinics, clinics[0]]:
            owe_event(action="a.b", actor=None, clinic=clinic, object_type="c", object_id="1")
    with transaction.atomic():
        owe_event(action="a.b", actor=None, clinic=clinics[0], object_type="c", object_id="2")
        transaction.set_rollback(True)
    assert Event.objects.count() == 1

    with monkeypatch.context() as killed:
        killed.setattr(owed, "record_owed", kills_at(clinics[1]))
        with pytest.raises(SystemExit):
            write_owed_events()
    assert OwedEvent.objects.count() == 1
    worked()
    write_owed_events()

    assert not OwedEvent.objects.exists()
    written = Event.objects.exclude(clinic=None).order_by("pk")
    assert [one.clinic for one in written] == [clinics[0], clinics[0], clinics[1]]
    assert {one.object_id for one in written} == {"1"}
    assert check_chains().problems == []


@pytest.mark.django_db(transaction=True)
def test_event_that_cannot_be_recorded_keeps_no_other_clinic_waiting(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    clinics = sorted(
        (make_clinic(name=name) for name in ("North", "South")), key=lambda one: one.pk
    )
    for clinic in clinics:
        with transaction.atomic():
            owe_event(action="a.b", actor=None, clinic=clinic, object_type="c", object_id="1")

    with monkeypatch.context() as failing:
        failing.setattr(owed, "record_owed", fails_at(clinics[0]))
        with pytest.raises(ZeroDivisionError):
            write_owed_events()

    assert Event.objects.get().clinic == clinics[1]
    assert OwedEvent.objects.get().clinic == clinics[0]


@pytest.mark.django_db(transaction=True)
def test_what_nobody_asked_for_is_left_to_a_job_when_a_worker_prunes() -> None:
    """A worker prunes between its signs of life: what takes long, or fails, would end them."""
    clinic = make_clinic()
    OwedEvent.objects.create(clinic=clinic, action="a.b", object_type="c", object_id="1")

    prune()
    assert not Event.objects.exists()
    worked()

    assert Event.objects.get().clinic == clinic
    assert not OwedEvent.objects.exists()


def fails_at(clinic: Clinic) -> Callable[[OwedEvent], Event]:
    """Record what is owed, but for this clinic."""

    def record(one: OwedEvent) -> Event:
        if one.clinic == clinic:
            raise ZeroDivisionError
        return actions.record_owed(one)

    return record


def kills_at(clinic: Clinic) -> Callable[[OwedEvent], Event]:
    """Record what is owed, and die over the first event of this clinic."""

    def record(one: OwedEvent) -> Event:
        event = actions.record_owed(one)
        if one.clinic == clinic:
            raise SystemExit
        return event

    return record
