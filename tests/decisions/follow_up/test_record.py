"""Forms, courses and ends of follow-up are rows that are never overwritten."""

from __future__ import annotations

from datetime import date, timedelta
from importlib import import_module
from typing import Any

import pytest
import time_machine
from django.apps import apps
from django.db import DatabaseError, transaction
from django.utils import timezone

from decisions.cases.case_columns import CaseClosedError
from decisions.cases.models import Answer, Case, SafetyTask
from decisions.cases.section.signals import answer_saved
from decisions.follow_up.assessments.actions import (
    AlreadyVoidedError,
    record_assessment,
    void_assessment,
)
from decisions.follow_up.courses.actions import (
    CourseChangedError,
    CourseRunningError,
    EndedAlreadyError,
    add_course,
    end_follow_up,
    note_event,
    save_course,
    take_up_again,
    void_event,
)
from decisions.follow_up.models import AdverseEvent, Assessment, Course, DueForm, FollowUpEnd
from decisions.life.actions import close_case
from decisions.rules.questionnaire.instruments import Scores
from kapnet.core.audit.models import Event
from kapnet.core.later import later
from kapnet.core.people.models import User
from tests.decisions.case_factories import answer, clinic_of, make_case
from tests.decisions.letters.stored_letters import decide_case, make_decision

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]

TWOS = (2,) * 8
STARTED = date(2026, 1, 5)


def enter(case: Case, therapist: User, items: tuple[int | None, ...], **more: Any) -> Assessment:
    given = {"taken_on": timezone.localdate(), "source": Assessment.Source.CLINICIAN, **more}
    with clinic_of(therapist):
        return record_assessment(
            case=case, instrument="phq9", scores=Scores(items=items), actor=therapist, **given
        )


def begin(case: Case, therapist: User, **values: Any) -> Course:
    given = {"option": "ketamine", "state": "running", "first_session_on": STARTED, **values}
    with clinic_of(therapist):
        return add_course(case=case, actor=therapist, values=given)


def forms_of(case: Case, therapist: User) -> list[tuple[int | None, bool]]:
    with clinic_of(therapist):
        return [(one.total, one.is_voided) for one in Assessment.objects.filter(case=case)]


def test_complete_answer_is_kept_as_a_form_and_its_correction_voids_it(therapist: User) -> None:
    case = make_case(therapist)

    answer(case, therapist, "phq9", {"items": [*TWOS, None]})
    assert forms_of(case, therapist) == []
    answer(case, therapist, "phq9", {"items": [*TWOS, 0]})
    answer(case, therapist, "phq9", {"items": [3, *TWOS[1:], 0]})
    answer(case, therapist, "gad7", {"total": 12})

    with clinic_of(therapist):
        first, second, third = Assessment.objects.filter(case=case).order_by("authored_at")
    assert [one.total for one in (first, second, third)] == [16, 17, 12]
    assert first.is_voided
    assert first.voided_because == "corrected"
    assert (second.items, second.item9, second.is_voided) == ([3, *TWOS[1:], 0], 0, False)
    assert (third.source, third.items, third.item9) == ("paper_total", None, None)


def test_answer_taken_back_the_same_day_takes_its_form_back(therapist: User) -> None:
    case = make_case(therapist)
    earlier = timezone.localdate() - timedelta(days=30)

    answer(case, therapist, "phq9", {"items": [*TWOS, 0]}, assessed_on=earlier)
    answer(case, therapist, "phq9", None)

    assert forms_of(case, therapist) == [(16, True)]


def test_form_of_another_day_stays_when_a_new_one_is_answered(therapist: User) -> None:
    with time_machine.travel(timezone.now() - timedelta(days=40), tick=False):
        case = make_case(therapist)
        answer(case, therapist, "phq9", {"items": [*TWOS, 0]})

    answer(case, therapist, "phq9", {"items": [1] * 8 + [0]})

    assert forms_of(case, therapist) == [(16, False), (8, False)]


def test_answer_corrects_its_own_form_and_no_other(therapist: User) -> None:
    """What somebody entered of another day, or from paper, is not what an answer takes back."""
    case = make_case(therapist)
    today, earlier = timezone.localdate(), timezone.localdate() - timedelta(days=10)
    with time_machine.travel(timezone.now() - timedelta(days=40), tick=False):
        old = make_case(therapist, name="Old")
        answer(old, therapist, "phq9", {"items": [*TWOS, 0]})
    enter(old, therapist, (1,) * 8 + (0,))
    answer(old, therapist, "phq9", {"items": [*TWOS, None]})
    answer(old, therapist, "phq9", None)

    answer(case, therapist, "phq9", {"items": [*TWOS, 0]}, assessed_on=earlier)
    answer(case, therapist, "phq9", {"items": [1] * 8 + [0]}, assessed_on=today)
    answer(case, therapist, "phq9", {"items": [1] * 8 + [0]}, assessed_on=today - timedelta(days=1))

    assert forms_of(old, therapist) == [(16, False), (8, False)]
    answer(old, therapist, "phq9", {"items": [2] * 9})
    then = timezone.localdate() - timedelta(days=40)
    answer(old, therapist, "phq9", {"items": [*TWOS, 0]}, assessed_on=then)
    assert forms_of(old, therapist) == [(16, False), (8, True), (18, True)]
    assert forms_of(case, therapist) == [(16, False), (8, False), (8, True)]


def test_item_9_by_any_path_opens_or_raises_the_safety_task(therapist: User) -> None:
    case = make_case(therapist)

    enter(case, therapist, (*TWOS, 1))
    enter(case, therapist, (None,) * 8 + (3,))

    with clinic_of(therapist):
        assert SafetyTask.objects.get(case=case).item9 == 3
        assert [one.total for one in Assessment.objects.filter(case=case)] == [17, None]


def test_what_is_kept_is_only_voided_and_that_once(therapist: User) -> None:
    case = make_case(therapist)
    row = enter(case, therapist, (*TWOS, 0))

    with clinic_of(therapist):
        for change in ({"total": 3}, {"taken_on": STARTED}, {"items": [0] * 9}):
            with pytest.raises(DatabaseError), transaction.atomic():
                Assessment.objects.filter(pk=row.pk).update(**change)
        with pytest.raises(DatabaseError), transaction.atomic():
            Assessment.objects.filter(pk=row.pk)._raw_delete("default")
        void_assessment(assessment=row, actor=therapist, because="Another patient's.")
        with pytest.raises(AlreadyVoidedError):
            void_assessment(assessment=row, actor=therapist, because="Again.")
        with pytest.raises(DatabaseError), transaction.atomic():
            Assessment.objects.filter(pk=row.pk).update(voided_because="Other words.")


def test_course_asks_for_forms_and_they_come_in(therapist: User) -> None:
    case = make_case(therapist)
    today = timezone.localdate()
    course = begin(case, therapist, first_session_on=today - timedelta(days=28))

    enter(case, therapist, (*TWOS, 0))
    with clinic_of(therapist):
        due = list(DueForm.objects.filter(course=course))
        moved = save_course(
            course=course,
            actor=therapist,
            version=1,
            values={"first_session_on": today - timedelta(days=40)},
        )
        states = {
            one.state for one in DueForm.objects.filter(course=course, pk__in=[d.pk for d in due])
        }

    assert [one.state for one in due] == ["missed", "done", "open", "open", "open"]
    assert states == {"cancelled"}
    assert moved.first_session_noted_at == course.first_session_noted_at


def test_two_people_change_a_course(therapist: User) -> None:
    case = make_case(therapist)
    course = begin(case, therapist)

    with clinic_of(therapist):
        save_course(course=course, actor=therapist, version=1, values={"sessions": 6})
        save_course(course=course, actor=therapist, version=1, values={"sessions": 6})
        with pytest.raises(CourseChangedError) as conflict:
            save_course(course=course, actor=therapist, version=1, values={"sessions": 7})
        with pytest.raises(CourseRunningError):
            begin(case, therapist)

    assert conflict.value.theirs.sessions == 6


def test_events_and_ends_are_voided_and_stay(therapist: User) -> None:
    case = make_case(therapist)
    course = begin(case, therapist, first_session_on=timezone.localdate())

    with clinic_of(therapist):
        event = note_event(
            course=course,
            actor=therapist,
            values={"happened_on": STARTED, "kind": "syncope", "is_serious": True},
        )
        void_event(event=event, actor=therapist, because="Another patient's.")
        end = end_follow_up(
            case=case,
            actor=therapist,
            values={"ended_on": timezone.localdate(), "kind": "withdrew"},
        )
        with pytest.raises(EndedAlreadyError):
            end_follow_up(case=case, actor=therapist, values={"ended_on": STARTED, "kind": "died"})
        assert set(DueForm.objects.values_list("state", flat=True)) == {"cancelled"}
        take_up_again(end=end, actor=therapist, because="She came back.")
        assert set(DueForm.objects.values_list("state", flat=True)) == {"open"}
        assert (AdverseEvent.objects.count(), FollowUpEnd.objects.count()) == (1, 1)
        actions = set(Event.objects.filter(case_id=case.pk).values_list("action", flat=True))

    assert actions >= {"course.added", "adverse_event.noted", "adverse_event.voided"}
    assert actions >= {"follow_up.ended", "follow_up.taken_up_again"}


def test_closed_case_takes_nothing(therapist: User) -> None:
    case = make_case(therapist)
    form = enter(case, therapist, (*TWOS, 0))
    with clinic_of(therapist):
        close_case(case=case, actor=therapist, reason="finished")

    with pytest.raises(CaseClosedError):
        enter(case, therapist, (*TWOS, 0))
    with clinic_of(therapist), pytest.raises(CaseClosedError):
        void_assessment(assessment=form, actor=therapist, because="Too late.")


def test_forms_that_are_known_are_taken_over(therapist: User) -> None:
    """The migration, run twice: what is kept already is not kept again."""
    decision = make_decision(therapist)
    with clinic_of(therapist):
        case = decision.case
        Answer.objects.create(
            case=make_case(therapist, name="Another"),
            question="phq9",
            value={"items": [1] * 9},
            edition="2026.1",
            assessed_on=STARTED,
            saved_at=timezone.now(),
            saved_by=therapist,
        )
        before = Assessment.objects.filter(case=case, instrument="phq9").count()
    migration = import_module("decisions.follow_up.migrations.0002_forms_that_are_known")

    migration.keep_known_forms(apps, None)
    migration.keep_known_forms(apps, None)

    with clinic_of(therapist):
        taken = Assessment.objects.filter(case=case, instrument="phq9")
        assert taken.count() == before == 1
        other = Assessment.objects.exclude(case=case).get()
        assert (other.total, other.item9, other.items) == (9, 1, [1] * 9)


def test_score_that_was_entered_again_after_another_one_counts(therapist: User) -> None:
    """Two decisions of one day with other scores, and then the first ones again."""
    migration = import_module("decisions.follow_up.migrations.0002_forms_that_are_known")
    keep_complete_form = later("decisions.follow_up.receivers.keep_complete_form")
    assert answer_saved.disconnect(keep_complete_form)
    try:
        case = make_decision(therapist, phq9={"items": [*TWOS, 0]}).case
        answer(case, therapist, "phq9", {"items": [1] * 8 + [0]})
        decide_case(case, therapist)
        answer(case, therapist, "phq9", {"items": [*TWOS, 0]})
    finally:
        answer_saved.connect(keep_complete_form)

    migration.keep_known_forms(apps, None)

    with clinic_of(therapist):
        forms = Assessment.objects.filter(case=case, instrument="phq9")
        found = [(one.total, one.is_voided) for one in forms]
    assert found == [(16, True), (8, True), (16, False)]
