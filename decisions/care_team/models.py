"""The care team of a case: sites of the directory, each with a part. Nobody is ever erased."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from decisions.cases.models import Case
from kapnet.core.directory.models import Part, Site
from kapnet.core.people.of_a_clinic import ClinicForeignKey, OfAClinic


class TeamMember(OfAClinic):
    """One colleague with one part in the care of one patient; somebody may have several parts."""

    class Part(models.TextChoices):
        """What somebody does for this patient."""

        PRESCRIBER = Part.PRESCRIBER.value, Part.PRESCRIBER.label
        TMS_PROVIDER = Part.TMS_PROVIDER.value, Part.TMS_PROVIDER.label
        THERAPIST = Part.THERAPIST.value, Part.THERAPIST.label
        GENERAL_PRACTITIONER = Part.GENERAL_PRACTITIONER.value, Part.GENERAL_PRACTITIONER.label
        COORDINATOR = "coordinator", "Leads when two treatments run together"

    case = ClinicForeignKey(Case, on_delete=models.CASCADE, related_name="team")
    site = ClinicForeignKey(Site, on_delete=models.PROTECT, related_name="+")
    part = models.CharField(max_length=20, choices=Part.choices)
    added_at = models.DateTimeField(auto_now_add=True)
    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    left_at = models.DateTimeField(null=True, blank=True)
    left_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="+",
        null=True,
        blank=True,
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["clinic", "case", "site", "part"],
                condition=models.Q(left_at__isnull=True),
                name="team_part_once",
            ),
            models.UniqueConstraint(
                fields=["clinic", "case"],
                condition=models.Q(left_at__isnull=True, part="coordinator"),
                name="team_one_coordinator",
            ),
            models.CheckConstraint(
                condition=models.Q(left_at__isnull=True, left_by__isnull=True)
                | models.Q(left_at__isnull=False, left_by__isnull=False),
                name="team_left_by_somebody",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_part_display()} of {self.case_id}"
