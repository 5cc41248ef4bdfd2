"""What happened to a case as a whole. The database refuses to change or remove it."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django_scopes import ScopedManager

from decisions.cases.models import Case
from kapnet.core.encryption.fields import EncryptedTextField
from kapnet.core.people.models import Clinic


class LifeStep(models.Model):
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
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="life_steps")
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

    objects = ScopedManager(clinic="clinic")

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
