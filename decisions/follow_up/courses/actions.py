"""Every write to courses, events and the end of follow-up: atomic, each with one audit event."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from decisions.cases.case_columns import lock_open_case
from decisions.cases.case_events import record_case_event
from decisions.cases.models import Case
from decisions.follow_up.assessments.actions import AlreadyVoidedError
from decisions.follow_up.courses.due import settle_due_forms
from decisions.follow_up.courses.models import AdverseEvent, Course, FollowUpEnd
from kapnet.core.people.models import User


class CourseChangedError(Exception):
    """Somebody else changed the course since the person saw it; `theirs` is what is stored."""

    def __init__(self, theirs: Course) -> None:
        super().__init__("This course has been changed since.")
        self.theirs = theirs


class CourseRunningError(Exception):
    """A course of the same option is under way in this case already."""


class EndedAlreadyError(Exception):
    """The follow-up of this case has ended already."""


@transaction.atomic
def add_course(*, case: Case, actor: User, values: Mapping[str, Any]) -> Course:
    """Write down a course. Raises CourseRunningError and CaseClosedError."""
    case, now = lock_open_case(case), timezone.now()
    course = Course(
        clinic=case.clinic, case=case, made_at=now, made_by=actor, saved_at=now, saved_by=actor
    )
    _say(course, values)
    _refuse_second(course)
    course.save(force_insert=True)
    settle_due_forms(case)
    record_case_event("course.added", case, actor, course.pk)
    return course


@transaction.atomic
def save_course(*, course: Course, actor: User, version: int, values: Mapping[str, Any]) -> Course:
    """Change a course. version: of the course that the person was looking at.

    The same said twice is no conflict. Raises CourseChangedError, CourseRunningError and
    CaseClosedError.
    """
    case = lock_open_case(course.case)
    now = Course.objects.select_related("case__clinic", "saved_by").get(pk=course.pk)
    if all(getattr(now, name) == value for name, value in values.items()):
        return now
    if now.version != version:
        raise CourseChangedError(now)
    _say(now, values)
    _refuse_second(now)
    now.version, now.saved_at, now.saved_by = version + 1, timezone.now(), actor
    now.save()
    settle_due_forms(case)
    record_case_event("course.saved", case, actor, now.pk)
    return now


def _say(course: Course, values: Mapping[str, Any]) -> None:
    """When a first session was noted first stays, whatever day it turns out to have been."""
    for name, value in values.items():
        setattr(course, name, value)
    if course.first_session_on is not None and course.first_session_noted_at is None:
        course.first_session_noted_at = timezone.now()


def _refuse_second(course: Course) -> None:
    """The case is locked, so that nobody begins another one meanwhile."""
    running = Course.objects.filter(case=course.case_id, option=course.option, state="running")
    if course.state == Course.State.RUNNING and running.exclude(pk=course.pk).exists():
        raise CourseRunningError


@transaction.atomic
def note_event(*, course: Course, actor: User, values: Mapping[str, Any]) -> AdverseEvent:
    """Write down what went wrong. Raises CaseClosedError."""
    case = lock_open_case(course.case)
    event = AdverseEvent.objects.create(
        clinic=case.clinic, course=course, noted_at=timezone.now(), noted_by=actor, **values
    )
    record_case_event("adverse_event.noted", case, actor, event.pk)
    return event


@transaction.atomic
def void_event(*, event: AdverseEvent, actor: User, because: str) -> None:
    """It was noted by mistake. Raises AlreadyVoidedError and CaseClosedError."""
    case = lock_open_case(event.course.case)
    _void(event, actor, because)
    record_case_event("adverse_event.voided", case, actor, event.pk)


@transaction.atomic
def end_follow_up(*, case: Case, actor: User, values: Mapping[str, Any]) -> FollowUpEnd:
    """Nobody asks this patient again. Raises EndedAlreadyError and CaseClosedError."""
    case = lock_open_case(case)
    try:
        with transaction.atomic():
            end = FollowUpEnd.objects.create(
                clinic=case.clinic, case=case, noted_at=timezone.now(), noted_by=actor, **values
            )
    except IntegrityError:
        raise EndedAlreadyError from None
    settle_due_forms(case)
    record_case_event("follow_up.ended", case, actor, end.pk)
    return end


@transaction.atomic
def take_up_again(*, end: FollowUpEnd, actor: User, because: str) -> None:
    """The end was noted by mistake, or the patient is back.

    Raises AlreadyVoidedError and CaseClosedError.
    """
    case = lock_open_case(end.case)
    _void(end, actor, because)
    settle_due_forms(case)
    record_case_event("follow_up.taken_up_again", case, actor, end.pk)


def _void(row: AdverseEvent | FollowUpEnd, actor: User, because: str) -> None:
    standing = type(row).objects.filter(pk=row.pk, voided_at=None)
    if not standing.update(voided_at=timezone.now(), voided_by=actor, voided_because=because):
        raise AlreadyVoidedError
