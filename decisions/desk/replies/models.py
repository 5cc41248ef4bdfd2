"""The link on a signed letter, and what came by it: not confirmed until the desk says so."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.utils import timezone

from decisions.letters.models import Letter
from kapnet.core.encryption.fields import (
    EncryptedCharField,
    EncryptedDateField,
    EncryptedTextField,
)
from kapnet.core.people.models import Clinic
from kapnet.core.people.of_a_clinic import ClinicForeignKey, ClinicOneToOneField, OfAClinic

LONGEST_NAME, LONGEST_REACH, LONGEST_TEXT = 120, 120, 2000
LONGEST_BECAUSE = 200


class ReplyLink(OfAClinic):
    """By what one signed letter is answered. Written once, with the signature.

    code_sha256: of the code that the letter prints, which is stored nowhere else but in the letter.
    """

    letter = ClinicOneToOneField(
        Letter, on_delete=models.PROTECT, primary_key=True, related_name="reply_link"
    )
    clinic = models.ForeignKey(Clinic, on_delete=models.PROTECT, related_name="+")
    code_sha256 = models.CharField(max_length=64)
    ends_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["code_sha256", "clinic"], name="reply_link_code_once"),
        ]

    def __str__(self) -> str:
        return f"Reply link of {self.letter_id}"


class Reply(OfAClinic):
    """What came by a link. Its words never change; the desk confirms it once, or sets it aside.

    day: that it names. because: how it was confirmed, or why it was set aside.
    """

    class Kind(models.TextChoices):
        """What the recipient says."""

        ACCEPTS = "accepts", "Accepts"
        DECLINES = "declines", "Declines"
        ASKS = "asks", "Asks"
        REPORTS = "reports", "Reports"

    class State(models.TextChoices):
        """Whether somebody of the clinic vouches for it."""

        WAITING = "waiting", "Not confirmed"
        CONFIRMED = "confirmed", "Confirmed"
        SET_ASIDE = "set_aside", "Set aside"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    clinic = models.ForeignKey(Clinic, on_delete=models.PROTECT, related_name="+")
    link = ClinicForeignKey(ReplyLink, on_delete=models.PROTECT, related_name="replies")
    kind = models.CharField(max_length=8, choices=Kind.choices)
    day = EncryptedDateField(null=True, blank=True)
    text = EncryptedTextField(blank=True)
    name = EncryptedCharField(max_length=LONGEST_NAME)
    reach = EncryptedCharField(max_length=LONGEST_REACH, blank=True)
    sent_at = models.DateTimeField(default=timezone.now)
    state = models.CharField(max_length=9, choices=State.choices, default=State.WAITING)
    settled_at = models.DateTimeField(null=True, blank=True)
    settled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )
    because = EncryptedCharField(max_length=LONGEST_BECAUSE, blank=True)

    class Meta:
        verbose_name_plural = "replies"
        ordering = ["-sent_at"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(
                    state="waiting", settled_at__isnull=True, settled_by__isnull=True
                )
                | models.Q(
                    state__in=["confirmed", "set_aside"],
                    settled_at__isnull=False,
                    settled_by__isnull=False,
                ),
                name="reply_settled_by_somebody",
            ),
            models.CheckConstraint(
                condition=models.Q(kind__in=["accepts", "declines", "asks", "reports"]),
                name="reply_kind_is_known",
            ),
        ]
        indexes = [models.Index(fields=["clinic", "state"], name="reply_by_state")]

    def __str__(self) -> str:
        return f"{self.kind}, {self.state}"

    @property
    def is_waiting(self) -> bool:
        """Whether the desk still has to look at it."""
        return self.state == self.State.WAITING
