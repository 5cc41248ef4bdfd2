"""What a clinic takes along, the parts of its file, and the closed chains of one that came."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from decisions.exit.bulk.models import BulkFile, BulkJob
from kapnet.core.audit.models import Event
from kapnet.core.encryption.fields import EncryptedTextField
from kapnet.core.people.models import Clinic
from kapnet.core.people.of_a_clinic import ClinicForeignKey, OfAClinic

__all__ = ["BulkFile", "BulkJob", "EnteredChain", "EnteredLink", "Exit", "ExitPart"]


class Exit(OfAClinic):
    """A manager asks to take everything of the clinic along; a therapist agrees, or does not.

    key: of the file, encrypted like a patient, from when the passphrase was entered until the file
    is there. header: the beginning of the file, which holds the same key under the passphrase.
    """

    class State(models.TextChoices):
        """How far it is."""

        WAITING = "waiting", "Waits for a therapist"
        AGREED = "agreed", "Agreed to"
        REFUSED = "refused", "Refused"
        RUNNING = "running", "Being made"
        READY = "ready", "Ready"
        FAILED = "failed", "Failed"
        GONE = "gone", "Gone"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    clinic = models.ForeignKey(Clinic, on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=7, choices=State.choices, default=State.WAITING)
    reason = EncryptedTextField()
    asked_at = models.DateTimeField(default=timezone.now)
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    settled_at = models.DateTimeField(null=True)
    settled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True
    )
    refused_because = EncryptedTextField(blank=True)
    begun_at = models.DateTimeField(null=True)
    moved_at = models.DateTimeField(default=timezone.now, help_text="When it last went on.")
    ready_at = models.DateTimeField(null=True)
    run = models.UUIDField(null=True, help_text="Of the worker whose parts count.")
    done = models.PositiveIntegerField(default=0, help_text="Cases that are in the file.")
    total = models.PositiveIntegerField(default=0)
    key = EncryptedTextField(blank=True)
    header = models.BinaryField(default=bytes)
    file_bytes = models.BigIntegerField(default=0)
    file_sha256 = models.CharField(max_length=64, blank=True)
    # Nullable: SQLite would build the table again, and lose the trigger that guards it.
    not_written = models.PositiveIntegerField(
        null=True, help_text="How often something could not be written as FHIR."
    )

    class Meta:
        ordering = ["-asked_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["clinic"],
                condition=Q(state__in=["waiting", "agreed", "running", "ready"]),
                name="exit_one_at_a_time",
            ),
            models.CheckConstraint(
                condition=Q(settled_by__isnull=True) | ~Q(settled_by=F("asked_by")),
                name="exit_by_two_people",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["agreed", "running", "ready"])
                | Q(settled_by__isnull=False, refused_because=""),
                name="exit_made_was_agreed_to",
            ),
            models.CheckConstraint(
                condition=Q(state="running") | Q(key=""), name="exit_key_only_while_it_is_made"
            ),
        ]

    def __str__(self) -> str:
        return f"Exit of {self.asked_at:%Y-%m-%d %H:%M}, {self.state}"


class ExitPart(OfAClinic):
    """A part of the file, encrypted under the passphrase; removed with it."""

    exit = ClinicForeignKey(Exit, on_delete=models.CASCADE, related_name="parts")
    run = models.UUIDField()
    place = models.PositiveIntegerField()
    content = models.BinaryField()

    class Meta:
        ordering = ["place"]
        constraints = [
            models.UniqueConstraint(
                fields=["clinic", "exit", "run", "place"], name="exit_part_once_a_place"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.exit_id} {self.place}"


class EnteredChain(OfAClinic):
    """The chain of an earlier installation's audit log, closed when the clinic left it.

    sha256: of all its links, so that none can be taken away. place: of the clinic's chains.
    """

    id = models.UUIDField(primary_key=True, editable=False)
    clinic = models.ForeignKey(Clinic, on_delete=models.PROTECT, related_name="+")
    place = models.PositiveSmallIntegerField()
    entered_at = models.DateTimeField(default=timezone.now)
    links = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)

    class Meta:
        ordering = ["clinic", "place"]
        constraints = [
            models.UniqueConstraint(fields=["clinic", "place"], name="entered_chain_once_a_place"),
        ]

    def __str__(self) -> str:
        return f"{self.id}, {self.links} links"


class EnteredLink(OfAClinic):
    """One link of such a chain. was_id: the id of its event there, which is in the hash.

    No key of the database binds the event: nobody may lock a row of the audit log.
    """

    chain = ClinicForeignKey(EnteredChain, on_delete=models.PROTECT, related_name="chain_links")
    event = models.ForeignKey(
        Event, on_delete=models.PROTECT, related_name="+", db_constraint=False
    )
    was_id = models.BigIntegerField()
    sequence = models.BigIntegerField()
    previous_sha256 = models.CharField(max_length=64)
    sha256 = models.CharField(max_length=64)

    class Meta:
        ordering = ["chain", "sequence"]
        constraints = [
            models.UniqueConstraint(
                fields=["clinic", "chain", "sequence"], name="entered_link_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.sequence}:{self.sha256}"
