"""What was given or is planned here: courses as Procedures, the plan of days as a CarePlan."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from django.utils import timezone

from decisions.documents.plan.conflicts import PlanWords
from decisions.documents.plan.in_words import name_of
from decisions.documents.plan.schedule import PlanAsked, Visit
from decisions.fhir.names import Resource
from decisions.fhir.parts import concept, notes, period, reference, resource
from decisions.follow_up.courses.models import Course
from decisions.plans.models import StoredPlan

STATES: Final = {
    Course.State.PLANNED: "preparation",
    Course.State.RUNNING: "in-progress",
    Course.State.COMPLETED: "completed",
    Course.State.STOPPED: "stopped",
    Course.State.NOT_STARTED: "not-done",
}
"""How far a course came -> status of a Procedure."""


def course_procedure(course: Course) -> Resource:
    """A course that was planned or given."""
    start, end = course.first_session_on, course.last_session_on
    return resource(
        "Procedure",
        course.pk,
        updated=course.saved_at,
        version=course.version,
        status=STATES[Course.State(course.state)],
        statusReason=concept(course.get_why_display()) if course.why else None,
        code=concept(course.get_option_display()),
        subject=reference("Patient", course.case_id),
        performedPeriod=period(start.isoformat() if start else "", end.isoformat() if end else ""),
        note=notes(
            course.given_as,
            f"{course.sessions} sessions" if course.sessions is not None else "",
            course.note,
        ),
    )


def care_plan(
    plan: StoredPlan, asked: PlanAsked, visits: Iterable[Visit], words: PlanWords
) -> Resource:
    """The days that are planned. A plan that was withdrawn has none."""
    return resource(
        "CarePlan",
        f"{plan.case_id}.plan",
        updated=plan.saved_at,
        version=plan.version,
        status="revoked" if plan.is_withdrawn else "active",
        intent="proposal",
        subject=reference("Patient", plan.case_id),
        created=timezone.localdate(plan.saved_at).isoformat(),
        activity=[{"detail": _visit(asked, one, words)} for one in visits],
    )


def _visit(asked: PlanAsked, visit: Visit, words: PlanWords) -> Resource:
    day, is_one = visit.day.isoformat(), visit.first == visit.last
    session = f"Session {visit.first}" if is_one else f"Sessions {visit.first} to {visit.last}"
    return {
        "status": "not-started",
        "code": concept(name_of(asked, visit, words)),
        "scheduledPeriod": period(day, day),
        "description": f"{session} of {visit.of}",
    }
