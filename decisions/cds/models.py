"""Cards that were shown in another record system, and what became of them. Nothing of a patient."""

from __future__ import annotations

import uuid

from django.db import models
from django.utils import timezone

from kapnet.core.clients.models import ApiClient
from kapnet.core.people.models import Clinic
from kapnet.core.people.of_a_clinic import ClinicForeignKey, OfAClinic


class ShownCard(OfAClinic):
    """One card of one answer. rules: those that it named."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    clinic = models.ForeignKey(Clinic, on_delete=models.PROTECT, related_name="+")
    client = ClinicForeignKey(ApiClient, on_delete=models.PROTECT, related_name="+")
    service = models.CharField(max_length=40)
    hook = models.CharField(max_length=20)
    kind = models.CharField(max_length=10)
    edition = models.CharField(max_length=20)
    rules = models.JSONField(default=list)
    shown_at = models.DateTimeField(default=timezone.now, db_index=True)

    def __str__(self) -> str:
        return f"{self.kind} of {self.service}"


class CardFeedback(OfAClinic):
    """What somebody did with a card, as their system said. reason: of ours, or blank."""

    clinic = models.ForeignKey(Clinic, on_delete=models.PROTECT, related_name="+")
    card = ClinicForeignKey(ShownCard, on_delete=models.CASCADE, related_name="feedback")
    outcome = models.CharField(max_length=10)
    reason = models.CharField(max_length=60, blank=True)
    outcome_at = models.DateTimeField()
    received_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["clinic", "card", "outcome_at"], name="card_feedback_once"
            ),
            models.CheckConstraint(
                condition=models.Q(outcome="overridden"), name="card_feedback_outcome_is_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.outcome} {self.card_id}"
