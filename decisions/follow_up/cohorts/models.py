"""What a clinic counted, as it was counted on a day."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from decisions.follow_up.courses.models import Course
from kapnet.core.encryption.fields import EncryptedJSONField
from kapnet.core.people.models import Clinic
from kapnet.core.people.of_a_clinic import OfAClinic


class CohortReport(OfAClinic):
    """What a clinic's courses of one option came to, as it was counted on a day.

    document: all that the page shows, as JSON; it can be printed again as it was. sha256: of its
    bytes. rows: one a course, from which the same can be counted again; no name, no date, no id of
    a case.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    clinic = models.ForeignKey(Clinic, on_delete=models.PROTECT, related_name="+")
    option = models.CharField(max_length=10, choices=Course.Option.choices)
    from_on = models.DateField()
    to_on = models.DateField(help_text="The last day, included.")
    cut_off = models.DateField(help_text="Nothing after this day was counted.")
    definitions_version = models.CharField(max_length=10)
    code_version = models.CharField(max_length=40)
    document = models.TextField()
    sha256 = models.CharField(max_length=64)
    rows = EncryptedJSONField()
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        ordering = ["-made_at"]
        constraints = [
            models.CheckConstraint(
                condition=Q(from_on__lte=F("to_on")), name="cohort_report_of_a_period"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.option}, {self.from_on} to {self.to_on}"
