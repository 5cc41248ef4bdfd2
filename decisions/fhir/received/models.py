"""What came in of a patient from other systems, and each answer that it proposes.

The database keeps every row: what came in never changes, and a proposal changes once, when
somebody decides.
"""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from decisions.cases.models import Case
from decisions.follow_up.models import Assessment
from kapnet.core.encryption.fields import (
    EncryptedCharField,
    EncryptedJSONField,
    EncryptedTextField,
)
from kapnet.core.people.models import Clinic
from kapnet.core.people.of_a_clinic import ClinicForeignKey, ClinicOneToOneField, OfAClinic

HAS_PROPOSED = "has_proposed_answers"
"""What the query that reads a case says of it, so that a save costs no query more."""


class Received(OfAClinic):
    """One response of a client, or what a record system said at one launch.

    sender: the id of the client or issuer, by which repeats are found. form: the questionnaire;
    empty where there was none. assessment: what became of a PHQ-9 or GAD-7; else its answers are
    proposals. identifier: system and value, as the sender gave them. brought_by: whoever launched.
    """

    class Kind(models.TextChoices):
        """How it came."""

        CLIENT = "client", "Sent by another system"
        EHR = "ehr", "Read from a record system"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    clinic = models.ForeignKey(Clinic, on_delete=models.PROTECT, related_name="+")
    case = ClinicForeignKey(Case, on_delete=models.PROTECT, related_name="received")
    kind = models.CharField(max_length=6, choices=Kind.choices)
    sender = models.CharField(max_length=64)
    sender_name = models.CharField(max_length=120)
    form = models.CharField(max_length=40, blank=True)
    edition = models.CharField(max_length=20)
    authored_at = models.DateTimeField(null=True)
    received_at = models.DateTimeField(default=timezone.now)
    brought_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True
    )
    identifier_sha256 = models.CharField(max_length=64, blank=True)
    identifier = EncryptedJSONField(null=True)
    answers = EncryptedJSONField(default=dict)
    assessment = ClinicOneToOneField(
        Assessment, on_delete=models.PROTECT, related_name="received", null=True
    )

    class Meta:
        ordering = ["-received_at", "pk"]
        indexes = [models.Index(fields=["clinic", "case", "-received_at"], name="received_of_case")]
        constraints = [
            models.UniqueConstraint(
                fields=["clinic", "sender", "identifier_sha256"],
                condition=~Q(identifier_sha256=""),
                name="received_once",
            ),
            models.UniqueConstraint(fields=["clinic", "assessment"], name="received_once_a_form"),
            models.CheckConstraint(
                condition=Q(kind="client", brought_by__isnull=True) & ~Q(form="")
                | Q(kind="ehr", brought_by__isnull=False, assessment__isnull=True),
                name="received_from_a_client_or_by_a_person",
            ),
        ]

    def __str__(self) -> str:
        return f"Received of {self.case_id}"


class ProposedAnswer(OfAClinic):
    """What one resource says to one question. Never an answer by itself.

    said: in words; value: as the question takes it, null where a clinician has to choose.
    said_on: of the resource; null where it has no day. resource: from which it comes.
    """

    class State(models.TextChoices):
        """What became of it."""

        OPEN = "open", "To be looked at"
        TAKEN = "taken", "Taken over"
        REFUSED = "refused", "Refused"

    clinic = models.ForeignKey(Clinic, on_delete=models.PROTECT, related_name="+")
    case = ClinicForeignKey(Case, on_delete=models.PROTECT, related_name="proposed_answers")
    received = ClinicForeignKey(Received, on_delete=models.PROTECT, related_name="proposed")
    question = models.CharField(max_length=60)
    said = EncryptedTextField()
    value = EncryptedJSONField(null=True)
    said_on = models.DateField(null=True)
    resource = EncryptedCharField(max_length=200, blank=True)
    state = models.CharField(max_length=7, choices=State.choices, default=State.OPEN)
    decided_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True
    )

    class Meta:
        ordering = ["pk"]
        indexes = [
            models.Index(
                fields=["clinic", "case"], condition=Q(state="open"), name="proposed_and_open"
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(state="open", decided_at__isnull=True, decided_by__isnull=True)
                | (~Q(state="open") & Q(decided_at__isnull=False, decided_by__isnull=False)),
                name="proposed_answer_decided_by_somebody",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.question} proposed in {self.case_id}"
