"""A safety task that a patient raises by link: who wrote it, who is told, who hears of it later."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
import time_machine
from django.core import mail
from django.db import IntegrityError, OperationalError, connection, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from decisions.cases.case_file import Item9
from decisions.cases.models import Case, SafetyTask
from decisions.cases.safety.sources import BY_LINK, Source
from decisions.cases.safety.tasks import raise_safety_task
from decisions.follow_up.assessments.actions import record_assessment
from decisions.life.actions import close_case
from decisions.rules.questionnaire.instruments import Scores
from kapnet.core.audit.models import Event
from kapnet.core.notices.telling import notices_for
from kapnet.core.people.models import Clinic, Membership, Role, User
from tests.decisions.case_factories import answer, clinic_of, make_case
from tests.factories import make_member
from tests.worker import worked

pytestmark = pytest.mark.django_db(transaction=True)
ClientFor = Callable[[User], Client]

PATIENT = "Sentinel Linkpatient"
UNOPENED = "safety.unopened"
LATER = timedelta(hours=25)


@pytest.fixture
def case(therapist: User) -> Case:
    return make_case(therapist, name=PATIENT)


def by_link(case: Case, therapist: User, points: int) -> None:
    with clinic_of(therapist):
        raise_safety_task(
            case=case,
            item9=Item9(points, timezone.localdate()),
            actor=None,
            source=Source.PATIENT_LINK,
            reference="link 1",
        )


def tasks_of(case: Case, therapist: User) -> list[SafetyTask]:
    with clinic_of(therapist):
        return list(SafetyTask.objects.filter(case=case).order_by("pk"))


def mailed() -> dict[str, str]:
    worked()
    return {one.to[0]: f"{one.subject}\n{one.body}" for one in mail.outbox}


def test_one_then_three_is_three_by_the_patient_and_told_without_content(
    case: Case, therapist: User, client_for: ClientFor
) -> None:
    by_link(case, therapist, 1)
    by_link(case, therapist, 3)
    by_link(case, therapist, 2)

    (task,) = tasks_of(case, therapist)
    assert (task.first_item9, task.item9) == (1, 3)
    assert (task.opened_by, task.raised_by) == (None, None)
    assert {task.source, task.raised_source} == {Source.PATIENT_LINK}
    events = Event.objects.filter(action="safety.raised", case_id=case.pk)
    assert [(one.actor, one.reason) for one in events] == [(None, "link 1")] * 2
    told = mailed()
    assert set(told) == {therapist.email}
    for word in (PATIENT, "PHQ", "depress", "item 9", "ketamine", "TMS"):
        assert word.lower() not in told[therapist.email].lower()
    page = client_for(therapist).get(reverse("cases:safety", args=[case.pk])).content.decode()
    assert f"by {BY_LINK}" in page
    lists = client_for(therapist).get(reverse("cases:list")).content.decode()
    assert f"Entered by {BY_LINK}" in lists


def test_a_person_and_a_link_are_never_mixed_up(case: Case, therapist: User) -> None:
    by_link(case, therapist, 1)
    answer(case, therapist, "phq9", {"items": [None] * 8 + [2]})

    (task,) = tasks_of(case, therapist)
    assert (task.opened_by, task.source) == (None, Source.PATIENT_LINK)
    assert (task.raised_by, task.raised_source) == (therapist, Source.CLINICIAN)
    for wrong in ({"source": Source.CLINICIAN}, {"raised_by": None}):
        with clinic_of(therapist), pytest.raises(IntegrityError), transaction.atomic():
            SafetyTask.objects.filter(pk=task.pk).update(**wrong)


def make_stand_in(clinic: Clinic, therapist: User) -> User:
    """Named for a time that is over: named all the same."""
    stand_in = make_member(clinic=clinic, role=Role.THERAPIST, name="Dr. S. Standin")
    day = timezone.localdate() - timedelta(days=30)
    Membership.objects.filter(user=therapist).update(
        stand_in=stand_in, away_from=day, away_until=day
    )
    return stand_in


def test_managers_and_the_named_stand_in_hear_of_what_nobody_opened(
    case: Case, clinic: Clinic, therapist: User, manager: User, client_for: ClientFor
) -> None:
    stand_in = make_stand_in(clinic, therapist)
    with time_machine.travel(timezone.now() - LATER, tick=False):
        by_link(case, therapist, 1)
        worked()
        assert not Event.objects.filter(action=UNOPENED).exists()
    mail.outbox.clear()

    told = mailed()

    assert set(told) == {manager.email, stand_in.email, therapist.email}
    assert all(PATIENT not in one and "PHQ" not in one for one in told.values())
    with clinic_of(manager):
        (notice,) = notices_for(Membership.objects.get(user=manager))
    assert f"case {case.number:04d} waits" in notice.words
    assert client_for(manager).get("/").status_code in (200, 302)
    client_for(therapist).get(reverse("cases:safety", args=[case.pk]))
    with clinic_of(manager):
        (notice,) = notices_for(Membership.objects.get(user=manager))
    assert "has opened the case since" in notice.words


def test_task_is_told_though_nobody_heard_that_it_was_stored(
    case: Case, therapist: User, manager: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A commit that waits for a standby until the page hangs up, and ends afterwards."""
    commit = connection.commit

    def commit_unheard() -> None:
        commit()
        raise OperationalError("no answer within 20 s")

    with time_machine.travel(timezone.now() - LATER, tick=False):
        with monkeypatch.context() as patch:
            patch.setattr(connection, "commit", commit_unheard)
            with pytest.raises(OperationalError):
                by_link(case, therapist, 1)
        by_link(case, therapist, 1)  # sent again: it was told already
        assert set(mailed()) == {therapist.email}
    mail.outbox.clear()

    assert manager.email in mailed()


def test_nobody_is_alarmed_about_what_was_opened_since(
    case: Case, therapist: User, client_for: ClientFor
) -> None:
    with time_machine.travel(timezone.now() - LATER, tick=False):
        by_link(case, therapist, 1)
    with time_machine.travel(timezone.now() - timedelta(hours=2), tick=False):
        client_for(therapist).get(reverse("cases:safety", args=[case.pk]))
    worked()
    assert not Event.objects.filter(action=UNOPENED).exists()


def test_who_gets_worse_meanwhile_does_not_put_off_the_alarm(
    case: Case, therapist: User, manager: User
) -> None:
    with time_machine.travel(timezone.now() - LATER, tick=False):
        by_link(case, therapist, 1)
        by_link(case, therapist, 2)
    with time_machine.travel(timezone.now() - timedelta(hours=2), tick=False):
        by_link(case, therapist, 3)

    assert manager.email in mailed()
    assert Event.objects.filter(action=UNOPENED).count() == 1


def test_an_answer_that_is_no_higher_is_told_once_somebody_opened_the_case(
    case: Case, therapist: User, manager: User, client_for: ClientFor
) -> None:
    """The task is open since a visit, and weeks later the patient says the same by link."""
    day = timezone.now() - timedelta(days=20)
    with time_machine.travel(day, tick=False):
        answer(case, therapist, "phq9", {"items": [None] * 8 + [2]})
        client_for(therapist).get(reverse("cases:safety", args=[case.pk]))
    for points in (2, 1):
        day += timedelta(days=5)
        mail.outbox.clear()
        with time_machine.travel(day, tick=False):
            by_link(case, therapist, points)
            by_link(case, therapist, points)
            assert set(mailed()) == {therapist.email}, points
        with time_machine.travel(day + LATER, tick=False):
            assert manager.email in mailed(), points
    (task,) = tasks_of(case, therapist)
    assert (task.item9, task.raised_source) == (2, Source.PATIENT_LINK)
    assert len(mail.outbox) == 3


def test_no_task_is_closed_over_an_answer_that_its_clinician_did_not_see(
    case: Case, therapist: User, client_for: ClientFor
) -> None:
    clinician, page = client_for(therapist), reverse("cases:safety", args=[case.pk])
    by_link(case, therapist, 2)
    clinician.get(page)
    by_link(case, therapist, 2)
    said = {"item9": "2", "assessment": "Interview", "agreed": "Plan"}

    refused = clinician.post(page, said)

    assert refused.status_code == 409
    assert "Interview" in refused.content.decode()
    assert tasks_of(case, therapist)[0].closed_at is None
    assert clinician.post(page, said).status_code == 302
    assert tasks_of(case, therapist)[0].closed_at is not None


def test_where_nobody_will_open_it_managers_hear_at_once(
    case: Case, clinic: Clinic, therapist: User, manager: User
) -> None:
    closed = make_case(therapist, name="Closed")
    with clinic_of(therapist):
        close_case(case=closed, actor=therapist, reason="finished")
    by_link(closed, therapist, 1)
    assert manager.email in mailed()
    mail.outbox.clear()

    Membership.objects.filter(user=therapist).update(is_active=False)
    by_link(case, therapist, 1)
    assert manager.email in mailed()


def test_a_form_of_another_system_says_where_it_came_from(case: Case, therapist: User) -> None:
    by_link(case, therapist, 1)
    with clinic_of(therapist):
        record_assessment(
            case=case,
            instrument="phq9",
            scores=Scores(items=(*[None] * 8, 3)),
            taken_on=timezone.localdate(),
            source="fhir",
            actor=therapist,
        )
    (task,) = tasks_of(case, therapist)
    assert (task.item9, task.source, task.raised_source) == (3, "patient_link", "fhir")
