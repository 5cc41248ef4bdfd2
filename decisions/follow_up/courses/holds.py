"""What of courses and forms holds the deletion of a closed case back."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from uuid import UUID

from django.db.models import Max
from django.db.models.functions import Coalesce

from decisions.cases.told import Hold, tells_holds
from decisions.follow_up.assessments.models import Assessment
from decisions.follow_up.courses.models import Course


@tells_holds
def courses_and_forms(case_ids: Collection[UUID]) -> Iterator[Hold]:
    """A course that is under way, and the last day of one or of a form: two queries."""
    courses = Course.objects.filter(case__in=case_ids).exclude(first_session_on=None).order_by()
    given = courses.values_list("case_id", "state").annotate(
        last=Max(Coalesce("last_session_on", "first_session_on"))
    )
    for case_id, state, last in given:
        if state == Course.State.RUNNING:
            yield Hold(case_id, "a course of treatment is under way: say how it ended")
        else:
            yield Hold(case_id, "a course of treatment was given", last)
    forms = Assessment.objects.filter(case__in=case_ids).order_by()
    for case_id, last in forms.values_list("case_id").annotate(last=Max("taken_on")):
        yield Hold(case_id, "the patient filled in a form", last)
