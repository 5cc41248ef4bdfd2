"""Every shared read of forms that patients filled in."""

from __future__ import annotations

from django.db.models import QuerySet

from decisions.cases.models import Case
from decisions.follow_up.assessments.models import Assessment


def assessments_of(case: Case) -> QuerySet[Assessment]:
    """Every form of a case, in the order of their days; voided ones, too."""
    return Assessment.objects.filter(case=case).select_related(
        "case__clinic", "entered_by", "voided_by"
    )
