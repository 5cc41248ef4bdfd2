"""Treatment history as rows. A row that is taken away stays in the database, out of sight."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models

from decisions.cases.models import Case
from kapnet.core.encryption.fields import EncryptedJSONField
from kapnet.core.people.of_a_clinic import ClinicForeignKey, OfAClinic


class Kind(models.TextChoices):
    """What a row is about: the fields of `decisions.documents.letter.treatment_history.History`."""

    TMS_COURSES = "tms_courses", "TMS courses"
    TRIALS = "trials", "Medicines tried"
    OTHERS = "others", "ECT, psychotherapy and ketamine"
    MEDICINES = "medicines", "Medicines taken now"
    ALLERGIES = "allergies", "Allergies"
    SCORES = "scores", "Earlier scores"


class HistoryRow(OfAClinic):
    """One row. values: as the pydantic value of its kind has them (`KINDS`), plain."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = ClinicForeignKey(Case, on_delete=models.PROTECT, related_name="history_rows")
    kind = models.CharField(max_length=11, choices=Kind.choices)
    values = EncryptedJSONField()
    taken_from = ClinicForeignKey(
        "self",
        on_delete=models.PROTECT,
        related_name="+",
        null=True,
        blank=True,
        help_text="The row of an earlier episode that it was taken over from.",
    )
    added_at = models.DateTimeField(auto_now_add=True)
    saved_at = models.DateTimeField()
    saved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    removed_at = models.DateTimeField(null=True, blank=True)
    removed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="+",
        null=True,
        blank=True,
    )

    class Meta:
        ordering = ["added_at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(kind__in=Kind.values), name="history_kind_is_known"
            ),
            models.CheckConstraint(
                condition=models.Q(removed_at__isnull=True, removed_by__isnull=True)
                | models.Q(removed_at__isnull=False, removed_by__isnull=False),
                name="history_removed_by_somebody",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} of {self.case_id}"


class NothingOf(OfAClinic):
    """Somebody asked, and there is none of a kind: no allergy, no earlier TMS."""

    case = ClinicForeignKey(Case, on_delete=models.CASCADE, related_name="nothing_of")
    kind = models.CharField(max_length=11, choices=Kind.choices)
    said_at = models.DateTimeField(auto_now_add=True)
    said_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["clinic", "case", "kind"], name="nothing_of_a_kind_once"
            ),
            models.CheckConstraint(
                condition=models.Q(kind__in=Kind.values), name="nothing_of_a_known_kind"
            ),
        ]

    def __str__(self) -> str:
        return f"None: {self.get_kind_display()} of {self.case_id}"
