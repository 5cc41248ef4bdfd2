"""Every shared read of courses: what was given in a case, and what came of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cached_property

from django.db.models import QuerySet

from decisions.cases.models import Case, Decision
from decisions.follow_up.assessments.models import Assessment
from decisions.follow_up.assessments.queries import assessments_of
from decisions.follow_up.courses.models import AdverseEvent, Course, DueForm, FollowUpEnd
from decisions.rules.outcomes.change import Form, Measure, Reading, Start, readings_beside
from decisions.rules.outcomes.courses import CourseResult, result_of


def courses_of(case: Case) -> QuerySet[Course]:
    """The courses of a case, in the order in which they began; then those that did not begin."""
    return Course.objects.filter(case=case).select_related(
        "case__clinic", "saved_by", "decision", "letter"
    )


def events_of(case: Case) -> QuerySet[AdverseEvent]:
    """What went wrong in a case, in the order of the days; voided ones, too."""
    return AdverseEvent.objects.filter(course__case=case).select_related(
        "course__case__clinic", "noted_by", "voided_by"
    )


def end_of(case: Case) -> FollowUpEnd | None:
    """Why nobody asks this patient any more; None while somebody does."""
    ends = FollowUpEnd.objects.filter(case=case, voided_at=None)
    return ends.select_related("case__clinic", "noted_by").first()


def due_forms_of(case: Case) -> QuerySet[DueForm]:
    """The forms that are asked for in a case, without those that are not any more."""
    due = DueForm.objects.filter(course__case=case).exclude(state=DueForm.State.CANCELLED)
    return due.select_related("course")


def start_of(course: Course) -> Start | None:
    """The first session; None where there was none."""
    if course.first_session_on is None or course.first_session_noted_at is None:
        return None
    return Start(course.first_session_on, course.first_session_noted_at)


@dataclass(frozen=True)
class Record:
    """All that a case keeps of what was given, and of how the patient fared."""

    courses: tuple[Course, ...]
    forms: tuple[Assessment, ...]
    events: tuple[AdverseEvent, ...]
    end: FollowUpEnd | None
    today: date

    def readings(self, instrument: str, start: Start) -> tuple[Reading, ...]:
        """The complete forms that count, by one instrument, beside a course."""
        forms = (
            Form(one.taken_on, one.authored_at, one.total)
            for one in self.forms
            if one.instrument == instrument and one.total is not None and not one.is_voided
        )
        return readings_beside(start, forms)

    @cached_property
    def begun(self) -> tuple[Course, ...]:
        """The courses that began, in the order of their first sessions."""
        return tuple(one for one in self.courses if one.first_session_on is not None)

    def result(self, course: Course, measure: Measure) -> CourseResult | None:
        """What became of a course by one instrument; None while it has not begun."""
        start = start_of(course)
        if start is None:
            return None
        later = (one.first_session_on for one in self.begun if one.pk != course.pk)
        next_start = min((one for one in later if one and one > start.day), default=None)
        return result_of(
            measure,
            self.readings(measure.id, start),
            days=(self.today - start.day).days,
            next_start=(next_start - start.day).days if next_start else None,
        )


def record_of(case: Case, *, today: date) -> Record:
    """The record of a case: four queries."""
    return Record(
        courses=tuple(courses_of(case)),
        forms=tuple(assessments_of(case)),
        events=tuple(events_of(case)),
        end=end_of(case),
        today=today,
    )


def decisions_by_number(case: Case) -> list[Decision]:
    """The recorded decisions of a case, oldest first, as far as a course needs them."""
    decisions = Decision.objects.filter(case=case).order_by("number")
    return list(decisions.only("number", "edition", "outcome", "chosen", "recorded_at", "case"))
