"""Bulk exports that programs asked for, and their files."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import Q
from django.utils import timezone

from kapnet.core.clients.models import ApiClient
from kapnet.core.encryption.fields import EncryptedBinaryField
from kapnet.core.people.models import Clinic
from kapnet.core.people.of_a_clinic import ClinicForeignKey, OfAClinic


class BulkJob(OfAClinic):
    """One export: what was asked for, and how far it is.

    kinds: types of resources. scopes: of the token that asked, by which more or less leaves.
    """

    class State(models.TextChoices):
        """How far it is."""

        RUNNING = "running", "Being made"
        READY = "ready", "Ready"
        FAILED = "failed", "Failed"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    clinic = models.ForeignKey(Clinic, on_delete=models.PROTECT, related_name="+")
    client = ClinicForeignKey(ApiClient, on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=7, choices=State.choices, default=State.RUNNING)
    request = models.CharField(max_length=2000, help_text="As it was asked for.")
    kinds = models.JSONField()
    scopes = models.JSONField()
    since = models.DateTimeField(null=True)
    asked_at = models.DateTimeField(default=timezone.now)
    moved_at = models.DateTimeField(default=timezone.now, help_text="When it last went on.")
    ready_at = models.DateTimeField(null=True)
    run = models.UUIDField(null=True, help_text="Of the worker whose files count.")
    done = models.PositiveIntegerField(default=0, help_text="Cases that are in the files.")
    total = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["-asked_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["clinic", "client"],
                condition=Q(state="running"),
                name="bulk_job_one_runs_a_client",
            ),
        ]

    def __str__(self) -> str:
        return f"Bulk export of {self.asked_at:%Y-%m-%d %H:%M}, {self.state}"


class BulkFile(OfAClinic):
    """Resources of one type, one a line."""

    job = ClinicForeignKey(BulkJob, on_delete=models.CASCADE, related_name="files")
    run = models.UUIDField()
    name = models.CharField(max_length=60)
    kind = models.CharField(max_length=40)
    lines = models.PositiveIntegerField()
    content = EncryptedBinaryField()

    class Meta:
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(
                fields=["clinic", "job", "run", "name"], name="bulk_file_once_a_name"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} of {self.job_id}"
