"""The stored plan of a case: what was asked for. The days are worked out again from it."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models

from decisions.cases.models import Case
from kapnet.core.encryption.fields import EncryptedJSONField
from kapnet.core.people.of_a_clinic import ClinicOneToOneField, OfAClinic


class StoredPlan(OfAClinic):
    """The plan of days of a case, one row a case. content: `PlanAsked` as plain data.

    version counts the changes, and is the SEQUENCE of calendar files. calendar_id stands in the
    ids of their entries, so that these say nothing of the case. gone: entries that an earlier
    calendar file may have had, by name, as `Visit`; a newer file cancels them. A plan that was
    withdrawn keeps its content, and has no days.
    """

    case = ClinicOneToOneField(Case, on_delete=models.CASCADE, related_name="plan")
    calendar_id = models.UUIDField(default=uuid.uuid4, editable=False)
    content = EncryptedJSONField()
    gone = EncryptedJSONField(null=True, blank=True)
    is_withdrawn = models.BooleanField(default=False)
    version = models.PositiveIntegerField(default=1)
    saved_at = models.DateTimeField()
    saved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["clinic", "case"], name="plan_once_a_case"),
            models.UniqueConstraint(fields=["calendar_id", "clinic"], name="plan_calendar_once"),
            models.CheckConstraint(
                condition=models.Q(version__gte=1), name="plan_version_counts_from_1"
            ),
        ]

    def __str__(self) -> str:
        return f"Plan of {self.case_id}, version {self.version}"
