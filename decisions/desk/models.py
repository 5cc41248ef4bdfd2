"""Deliveries of signed letters, their steps, and files that hold many letters."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.utils import timezone

from decisions.desk.replies.models import Reply, ReplyLink
from decisions.letters.models import Letter
from kapnet.core.encryption.fields import (
    EncryptedBinaryField,
    EncryptedCharField,
    EncryptedTextField,
)
from kapnet.core.people.models import Clinic
from kapnet.core.people.of_a_clinic import ClinicForeignKey, ClinicOneToOneField, OfAClinic

__all__ = [
    "Delivery",
    "DeliveryStep",
    "Export",
    "ExportItem",
    "Reply",
    "ReplyLink",
    "Route",
    "Status",
]


class Status(models.TextChoices):
    """Where a letter is on its way, from the desk to the treatment."""

    READY = "ready", "Ready to send"
    EXPORTED = "exported", "Exported"
    SENT = "sent", "Sent"
    RECEIVED = "received", "Received"
    ACCEPTED = "accepted", "Accepted"
    DECLINED = "declined", "Declined"
    APPOINTMENT = "appointment", "Appointment made"
    DONE = "done", "Done"


class Route(models.TextChoices):
    """How a letter left the clinic."""

    FAX = "fax", "Fax"
    SECURE_MAIL = "secure_mail", "Secure mail"
    PORTAL = "portal", "Portal of the recipient"
    POST = "post", "Post"
    HAND = "hand", "By hand"


class Delivery(OfAClinic):
    """Where one signed letter is. due_on: by when the next step is expected."""

    letter = ClinicOneToOneField(
        Letter, on_delete=models.PROTECT, primary_key=True, related_name="delivery"
    )
    clinic = models.ForeignKey(Clinic, on_delete=models.PROTECT, related_name="deliveries")
    status = models.CharField(max_length=11, choices=Status.choices, default=Status.READY)
    due_on = models.DateField(null=True, blank=True)
    signed_at = models.DateTimeField(editable=False, help_text="As of the letter, to sort by.")
    assigned_to = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )
    version = models.PositiveIntegerField(default=1, help_text="Counts every change.")

    class Meta:
        verbose_name_plural = "deliveries"
        constraints = [
            models.CheckConstraint(
                condition=models.Q(status__in=Status.values), name="delivery_status_is_known"
            ),
        ]
        indexes = [
            models.Index(fields=["clinic", "status", "due_on"], name="delivery_by_due"),
            models.Index(
                fields=["clinic", "due_on", "-signed_at"],
                condition=~models.Q(status="done"),
                name="delivery_queue",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.letter_id}, {self.status}"


class DeliveryStep(OfAClinic):
    """One step or note, written once. A note has the same status before and after.

    by, program: who noted it, a person or a client; the audit log says which client it was.

    happened_at: when it happened, as the person said; noted_at: when it was written down.
    proof: what shows it, such as the number of a fax report.
    """

    delivery = ClinicForeignKey(Delivery, on_delete=models.PROTECT, related_name="steps")
    from_status = models.CharField(max_length=11, choices=Status.choices)
    to_status = models.CharField(max_length=11, choices=Status.choices)
    is_correction = models.BooleanField(default=False)
    happened_at = models.DateTimeField()
    noted_at = models.DateTimeField(default=timezone.now)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True
    )
    program = models.CharField(
        max_length=120, blank=True, help_text="Name of the client that said it, if no person did."
    )
    how = models.CharField(max_length=11, choices=Route.choices, blank=True)
    proof = EncryptedCharField(max_length=200, blank=True)
    note = EncryptedTextField(blank=True)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(to_status=Status.SENT, is_correction=False)
                | models.Q(from_status=Status.SENT)
                | ~models.Q(how=""),
                name="delivery_sent_says_how",
            ),
            models.CheckConstraint(
                condition=models.Q(by__isnull=False, program="")
                | (models.Q(by__isnull=True) & ~models.Q(program="")),
                name="delivery_step_by_somebody",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.from_status} -> {self.to_status}"

    @property
    def noted_by(self) -> str:
        """Who noted it."""
        return self.by.name if self.by else f"{self.program}, a program"

    @property
    def is_note(self) -> bool:
        """Whether only something was said."""
        return self.from_status == self.to_status


class Export(OfAClinic):
    """One file that holds many letters, made in the background and kept for a day."""

    class Kind(models.TextChoices):
        """What the file is."""

        ZIP = "zip", "ZIP archive with a list of hashes"
        PRINT = "print", "One PDF for the printer"

    class State(models.TextChoices):
        """How far it is."""

        RUNNING = "running", "Being made"
        DONE = "done", "Ready"
        EXPIRED = "expired", "No longer kept"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    clinic = models.ForeignKey(Clinic, on_delete=models.PROTECT, related_name="exports")
    kind = models.CharField(max_length=5, choices=Kind.choices)
    state = models.CharField(max_length=7, choices=State.choices, default=State.RUNNING)
    requested_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    requested_at = models.DateTimeField(default=timezone.now)
    moved_at = models.DateTimeField(default=timezone.now, help_text="When it last went on.")
    file = EncryptedBinaryField(null=True)
    file_sha256 = models.CharField(max_length=64, blank=True)

    class Meta:
        ordering = ["-requested_at"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(state="done", file__isnull=False)
                | (~models.Q(state="done") & models.Q(file__isnull=True)),
                name="export_done_has_its_file",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} of {self.requested_at:%Y-%m-%d %H:%M}"


class ExportItem(OfAClinic):
    """One letter of an export. problem: why it is left out, in a sentence."""

    class State(models.TextChoices):
        """Whether it was looked at."""

        WAITING = "waiting", "Waiting"
        CHECKED = "checked", "Checked"
        LEFT_OUT = "left_out", "Left out"

    export = ClinicForeignKey(Export, on_delete=models.CASCADE, related_name="items")
    letter = ClinicForeignKey(Letter, on_delete=models.PROTECT, related_name="+")
    place = models.PositiveIntegerField()
    state = models.CharField(max_length=8, choices=State.choices, default=State.WAITING)
    problem = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ["place"]
        constraints = [
            models.UniqueConstraint(
                fields=["clinic", "export", "letter"], name="export_letter_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.export_id} {self.place}"
