"""Every shared read of forms that patients filled in."""

from __future__ import annotations

from datetime import date

from django.db.models import QuerySet

from decisions.cases.models import Case
from decisions.follow_up.assessments.models import Assessment
from decisions.rules.questionnaire.instruments import Scores


def same_form(case: Case, instrument: str, scores: Scores, taken_on: date) -> Assessment | None:
    """The form of this day that says the same, whoever filled it in."""
    forms = Assessment.objects.filter(
        case=case, instrument=instrument, taken_on=taken_on, total=scores.total, voided_at=None
    )
    return next((one for one in forms if says(one, scores)), None)


def says(form: Assessment, scores: Scores) -> bool:
    """Whether a form has these scores."""
    items = None if scores.items is None else list(scores.items)
    return (form.items, form.total) == (items, scores.total)


def assessments_of(case: Case) -> QuerySet[Assessment]:
    """Every form of a case, in the order of their days; voided ones, too."""
    return Assessment.objects.filter(case=case).select_related(
        "case__clinic", "entered_by", "voided_by"
    )
