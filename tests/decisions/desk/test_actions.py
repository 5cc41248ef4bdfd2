"""Steps of a letter on its way: by name, in order, never lost, never sent by itself."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.utils import timezone

from decisions.desk.actions import StepRefused, add_note, note_exported, plan_delivery, put_right
from decisions.desk.models import Delivery, DeliveryStep, Status
from decisions.letters.actions import start_correction
from decisions.letters.models import Letter
from kapnet.core.audit.models import Event
from kapnet.core.people.models import User
from tests.decisions.case_factories import clinic_of
from tests.decisions.desk.desk_factories import delivery_of, step
from tests.decisions.letters.stored_letters import (
    DRAFT,
    make_decision,
    make_draft,
    make_signed,
    sign,
)
from tests.kept import MADE_ONCE

pytestmark = pytest.mark.django_db

keeps, kept, clinic, therapist, staff, letter = MADE_ONCE


def test_signed_letter_waits_on_the_desk(therapist: User, letter: Letter) -> None:
    delivery = delivery_of(letter, therapist)

    assert delivery.status == Status.READY
    assert delivery.due_on == timezone.localdate(letter.signed_at) + timedelta(days=2)
    assert delivery.clinic_id == letter.clinic_id


def test_draft_does_not(therapist: User) -> None:
    letter = make_draft(therapist)

    with clinic_of(therapist):
        assert not Delivery.objects.filter(letter=letter).exists()


@pytest.mark.both_databases
def test_step_says_who_when_and_how(therapist: User, staff: User) -> None:
    letter = make_signed(therapist, reply_by=date(2027, 1, 15))
    yesterday = letter.signed_at

    step(letter, staff, "sent", how="fax", proof="report 4711", happened_at=yesterday)

    with clinic_of(staff):
        (noted,) = DeliveryStep.objects.all()
    assert (noted.by, noted.how, noted.proof) == (staff, "fax", "report 4711")
    assert noted.happened_at == yesterday
    delivery = delivery_of(letter, staff)
    assert (delivery.status, delivery.due_on) == (Status.SENT, date(2027, 1, 15))
    event = Event.objects.get(action="letter.sent")
    assert (event.actor, event.object_id) == (staff, str(letter.pk))


def test_letter_is_not_sent_without_saying_how(staff: User, letter: Letter) -> None:
    with pytest.raises(StepRefused, match="how it was sent"):
        step(letter, staff, "sent")

    assert delivery_of(letter, staff).status == Status.READY


@pytest.mark.both_databases
def test_database_refuses_a_letter_sent_nohow(staff: User, letter: Letter) -> None:
    delivery = delivery_of(letter, staff)

    with clinic_of(staff), pytest.raises(IntegrityError), transaction.atomic():
        DeliveryStep.objects.create(
            delivery=delivery,
            from_status="ready",
            to_status="sent",
            happened_at=timezone.now(),
            by=staff,
        )


def test_step_out_of_order_is_refused(staff: User, letter: Letter) -> None:
    with pytest.raises(StepRefused, match="ready to send: that step cannot follow"):
        step(letter, staff, "accepted")


@pytest.mark.parametrize(
    ("shift", "words"), [(timedelta(days=1), "not come yet"), (timedelta(days=-9), "before")]
)
def test_time_that_cannot_be_is_refused(
    staff: User, shift: timedelta, words: str, letter: Letter
) -> None:
    with pytest.raises(StepRefused, match=words):
        step(letter, staff, "sent", how="fax", happened_at=timezone.now() + shift)


@pytest.mark.both_databases
def test_two_people_do_not_overwrite_each_other(staff: User, letter: Letter) -> None:
    seen = delivery_of(letter, staff).version
    step(letter, staff, "exported")

    with clinic_of(staff), pytest.raises(StepRefused, match="Somebody else"):
        plan_delivery(letter=letter, by=staff, seen_version=seen, assigned_to=staff, due_on=None)


def test_replaced_letter_is_not_sent(therapist: User, staff: User, letter: Letter) -> None:
    with clinic_of(therapist):
        correction = start_correction(letter=letter, actor=therapist)
        correction.replaces_because = "A wrong dose."
        correction.save(update_fields=["replaces_because"])
    newer = sign(correction, therapist)

    with pytest.raises(StepRefused, match=f"{newer.number} has replaced"):
        step(letter, staff, "sent", how="fax")


def test_step_noted_by_mistake_is_taken_back_and_stays_told(staff: User, letter: Letter) -> None:
    step(letter, staff, "exported")
    step(letter, staff, "sent", how="fax")

    with clinic_of(staff):
        for status in ("exported", "ready"):
            version = Delivery.objects.get(letter=letter).version
            put_right(letter=letter, by=staff, seen_version=version, note="Wrong letter.")
            assert Delivery.objects.get(letter=letter).status == status
        version = Delivery.objects.get(letter=letter).version
        with pytest.raises(StepRefused, match="No step"):
            put_right(letter=letter, by=staff, seen_version=version, note="Again.")
        assert DeliveryStep.objects.count() == 4


def test_correction_needs_a_reason(staff: User, letter: Letter) -> None:
    version = step(letter, staff, "exported").version

    with clinic_of(staff), pytest.raises(StepRefused, match="what was wrong"):
        put_right(letter=letter, by=staff, seen_version=version, note=" ")


def test_letter_goes_to_people_of_the_clinic_only(
    staff: User, other_therapist: User, letter: Letter
) -> None:
    with clinic_of(staff), pytest.raises(StepRefused, match="does not work in this clinic"):
        plan_delivery(
            letter=letter, by=staff, seen_version=1, assigned_to=other_therapist, due_on=None
        )


def test_note_changes_no_status(staff: User, letter: Letter) -> None:
    with clinic_of(staff):
        add_note(letter=letter, by=staff, note="They call back on Monday.")
        (noted,) = DeliveryStep.objects.all()

    assert noted.is_note
    assert delivery_of(letter, staff).status == Status.READY


@pytest.mark.both_databases
def test_export_is_noted_once_and_never_goes_back(staff: User, letter: Letter) -> None:
    with clinic_of(staff):
        note_exported(letter=letter, by=staff)
        note_exported(letter=letter, by=staff)
        assert DeliveryStep.objects.count() == 1
    step(letter, staff, "sent", how="post")

    with clinic_of(staff):
        note_exported(letter=letter, by=staff)

    assert delivery_of(letter, staff).status == Status.SENT


@pytest.mark.both_databases
def test_database_refuses_to_change_a_step(staff: User, letter: Letter) -> None:
    step(letter, staff, "exported")

    for statement in ("UPDATE desk_deliverystep SET note = 'x'", "DELETE FROM desk_deliverystep"):
        with (
            clinic_of(staff),
            pytest.raises(DatabaseError),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(statement)


def test_second_draft_of_a_case_has_its_own_place(therapist: User) -> None:
    decision = make_decision(therapist)
    first = sign(make_draft(therapist, decision), therapist)
    second = sign(make_draft(therapist, decision, **DRAFT), therapist)

    assert delivery_of(first, therapist).pk != delivery_of(second, therapist).pk
