"""Every table of follow-up: forms, courses of treatment, and what a clinic counted of both."""

from __future__ import annotations

from decisions.follow_up.assessments.models import Assessment, Instrument, Voidable
from decisions.follow_up.cohorts.models import CohortReport
from decisions.follow_up.courses.models import AdverseEvent, Course, DueForm, FollowUpEnd

__all__ = [
    "AdverseEvent",
    "Assessment",
    "CohortReport",
    "Course",
    "DueForm",
    "FollowUpEnd",
    "Instrument",
    "Voidable",
]
