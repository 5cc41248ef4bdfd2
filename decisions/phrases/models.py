"""A phrase: plain text of one person in one clinic."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models

from kapnet.core.encryption.fields import EncryptedTextField
from kapnet.core.people.models import Clinic
from kapnet.core.people.of_a_clinic import OfAClinic


class Phrase(OfAClinic):
    """What somebody writes again and again. Nobody else sees it."""

    class Kind(models.TextChoices):
        """Where it is offered."""

        REASONING = "reasoning", "Reasoning of a decision or letter"
        QUESTIONS = "questions", "Questions in a letter"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    clinic = models.ForeignKey(Clinic, on_delete=models.PROTECT, related_name="+")
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="phrases"
    )
    kind = models.CharField(max_length=12, choices=Kind.choices)
    text = EncryptedTextField()
    saved_at = models.DateTimeField()

    class Meta:
        ordering = ["saved_at", "pk"]

    def __str__(self) -> str:
        return f"Phrase {self.pk}"
