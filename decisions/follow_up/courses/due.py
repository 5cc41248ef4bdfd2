"""Which forms are asked for, by the first session of each course, and whether they came in."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from decisions.cases.models import Case
from decisions.follow_up.assessments.models import Assessment, Instrument
from decisions.follow_up.courses.models import Course, DueForm, FollowUpEnd
from decisions.rules.outcomes.courses import due_days

State = DueForm.State


@transaction.atomic(savepoint=False)
def settle_due_forms(case: Case) -> None:
    """Let the forms that are asked for in a case fit its courses, forms and end of follow-up.

    Idempotent: called after each write to one of these, and nightly. A row stays when its course
    begins on another day; it is cancelled.
    """
    # One after the other: two at once would make the same row twice. Of the case nothing is read.
    locked = Case.objects.select_for_update(of=("self",), no_key=True)
    locked.values_list("pk").get(pk=case.pk)
    courses = list(Course.objects.filter(case=case).exclude(first_session_on=None))
    known = {
        (one.course_id, one.instrument, one.target_on): one
        for one in DueForm.objects.filter(course__case=case)
    }
    if not courses and not known:
        return
    forms = list(_complete(case).values_list("instrument", "taken_on"))
    ended_on = _ended_on(case)
    for course in courses:
        for due in _wanted(course, {name for name, _ in forms}):
            kept = known.pop((course.pk, due.instrument, due.target_on), None)
            _keep(kept or due, state_of(due, forms, ended_on=ended_on), is_new=kept is None)
    for one in known.values():
        _keep(one, State.CANCELLED)


def _complete(case: Case) -> QuerySet[Assessment]:
    return Assessment.objects.filter(case=case, voided_at=None, total__isnull=False)


def _ended_on(case: Case) -> date | None:
    end = FollowUpEnd.objects.filter(case=case, voided_at=None).first()
    return end.ended_on if end else None


def _wanted(course: Course, filled_in: set[str]) -> list[DueForm]:
    """The PHQ-9 always; the GAD-7 of a patient who has filled one in."""
    names = [one for one in Instrument.values if one == Instrument.PHQ9 or one in filled_in]
    return [
        DueForm(
            clinic_id=course.clinic_id,
            course=course,
            instrument=name,
            target_on=days.target,
            from_on=days.first,
            to_on=days.last,
        )
        for days in (due_days(course.first_session_on) if course.first_session_on else ())
        for name in names
    ]


def state_of(
    due: DueForm, forms: Iterable[tuple[str, date]], *, ended_on: date | None = None
) -> State:
    """What has become of a form that is asked for. forms: instrument and day of complete ones."""
    if any(name == due.instrument and due.from_on <= day <= due.to_on for name, day in forms):
        return State.DONE
    if ended_on is not None and ended_on <= due.to_on:
        return State.CANCELLED
    return State.MISSED if due.to_on < timezone.localdate() else State.OPEN


def _keep(one: DueForm, state: State, *, is_new: bool = False) -> None:
    changed = is_new or one.state != state
    one.state = state
    if is_new:
        one.save(force_insert=True)
    elif changed:
        one.save(update_fields=["state"])
