"""Every shared read of reports."""

from __future__ import annotations

from django.db.models import QuerySet

from decisions.follow_up.cohorts.models import CohortReport
from kapnet.core.people.models import Clinic


def reports_of(clinic: Clinic) -> QuerySet[CohortReport]:
    """The reports of a clinic, newest first; the rows are read only where they are needed."""
    reports = CohortReport.objects.filter(clinic=clinic).select_related("clinic", "made_by")
    return reports.defer("rows")
