"""What happened to a case as a whole, and which cases were deleted.

The database refuses to change or remove a step. A deletion outlives its case.
"""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F

from decisions.cases.models import Case
from kapnet.core.encryption.fields import EncryptedTextField
from kapnet.core.people.models import Clinic
from kapnet.core.people.of_a_clinic import ClinicForeignKey, OfAClinic


class LifeStep(OfAClinic):
    """A case was closed, reopened or handed over, or its new therapist has seen that."""

    class Kind(models.TextChoices):
        """What happened."""

        CLOSED = "closed", "Closed"
        REOPENED = "reopened", "Reopened"
        HANDED_OVER = "handed_over", "Handed over"
        SEEN = "seen", "Handover seen"

    class Reason(models.TextChoices):
        """Why a case was closed."""

        FINISHED = "finished", "Nothing more to decide"
        ELSEWHERE = "elsewhere", "Care goes on elsewhere"
        ENDED = "ended", "The patient ended care"
        DIED = "died", "The patient died"
        MISTAKE = "mistake", "Opened by mistake, or twice"
        OTHER = "other", "Another reason"

    clinic = models.ForeignKey(Clinic, on_delete=models.PROTECT, related_name="+")
    case = ClinicForeignKey(Case, on_delete=models.PROTECT, related_name="life_steps")
    kind = models.CharField(max_length=12, choices=Kind.choices)
    reason = models.CharField(max_length=12, choices=Reason.choices, blank=True)
    note = EncryptedTextField(blank=True)
    from_therapist = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True
    )
    to_therapist = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True
    )
    taken_at = models.DateTimeField()
    taken_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(kind="closed") ^ models.Q(reason=""),
                name="life_step_closed_with_a_reason",
            ),
            models.CheckConstraint(
                condition=models.Q(kind="handed_over") ^ models.Q(to_therapist__isnull=True),
                name="life_step_handed_over_to_somebody",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} of {self.case_id}"


class Deletion(OfAClinic):
    """A case that is past its time: one person asked for its deletion, another one agreed.

    It names no patient, and stays when the case is gone.
    """

    clinic = models.ForeignKey(Clinic, on_delete=models.PROTECT, related_name="+")
    case_id = models.UUIDField()
    case_number = models.PositiveIntegerField()
    kept_until = models.DateField(help_text="The last day on which it had to be kept.")
    asked_at = models.DateTimeField()
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    agreed_at = models.DateTimeField(null=True)
    agreed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True
    )
    taken_back_at = models.DateTimeField(null=True)
    taken_back_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True
    )
    deleted_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["clinic", "case_id"],
                condition=models.Q(taken_back_at__isnull=True),
                name="deletion_once_a_case",
            ),
            models.CheckConstraint(
                condition=models.Q(agreed_by__isnull=True) | ~models.Q(agreed_by=F("asked_by")),
                name="deletion_by_two_people",
            ),
            models.CheckConstraint(
                condition=models.Q(deleted_at__isnull=True)
                | models.Q(agreed_at__isnull=False, taken_back_at__isnull=True),
                name="deletion_done_was_agreed",
            ),
        ]

    def __str__(self) -> str:
        return f"Deletion of case {self.case_number:04d}"
