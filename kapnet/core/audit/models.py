"""Audit events: one row for each read and write that matters, never changed, never removed."""

from __future__ import annotations

from typing import Any, NoReturn

from django.conf import settings
from django.db import models
from django.utils import timezone


class AppendOnlyError(TypeError):
    """Someone tried to change or remove an audit event."""

    def __init__(self) -> None:
        super().__init__("Audit events are append-only: record a new event instead.")


class EventQuerySet(models.QuerySet["Event"]):
    """Reads and inserts; refuses the rest. The database's triggers refuse it as well."""

    def update(self, **changes: Any) -> NoReturn:
        """Refused."""
        raise AppendOnlyError

    def delete(self) -> NoReturn:
        """Refused."""
        raise AppendOnlyError


class Outcome(models.TextChoices):
    """How the attempt ended."""

    DONE = "done", "done"
    REFUSED = "refused", "refused"
    FAILED = "failed", "failed"


class Event(models.Model):
    """Who did what to which object, when, and how it ended. Holds no answer and no name."""

    at = models.DateTimeField(default=timezone.now, editable=False)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True
    )
    clinic = models.ForeignKey(
        "clinics.Clinic", on_delete=models.PROTECT, related_name="+", null=True
    )
    action = models.CharField(max_length=60, help_text='Object and verb: "case.read".')
    object_type = models.CharField(max_length=40)
    object_id = models.CharField(max_length=64, blank=True)
    case_id = models.UUIDField(null=True)
    outcome = models.CharField(max_length=8, choices=Outcome.choices, default=Outcome.DONE)
    reason = models.CharField(max_length=200, blank=True)
    reference = models.CharField(max_length=32, blank=True, help_text="Of the request in the log.")

    objects = EventQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["clinic", "-id"], name="event_by_clinic"),
            models.Index(fields=["case_id", "-id"], name="event_by_case"),
            models.Index(fields=["clinic", "action", "-id"], name="event_by_action"),
            models.Index(fields=["actor", "action", "-at"], name="event_by_actor"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(outcome__in=Outcome.values), name="event_outcome_is_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.action} {self.outcome}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Inserts; refuses to change a row that is there."""
        if not self._state.adding:
            raise AppendOnlyError
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        """Refused."""
        raise AppendOnlyError


def in_words(action: str) -> str:
    """An action for a reader: "account: sign in"."""
    return action.replace(".", ": ").replace("_", " ")


class Link(models.Model):
    """The place of one event in its chain. Written by the database itself, with the event.

    chain: the id of the clinic, INSTALLATION or CLOSED (`chain.py`). previous_sha256: the hash of
    the link before it. sha256: of that, the place and every field of the event. No key of the
    database binds the event: `audit verify` does.
    """

    event = models.OneToOneField(
        Event,
        on_delete=models.PROTECT,
        related_name="link",
        primary_key=True,
        db_constraint=False,
    )
    chain = models.UUIDField()
    sequence = models.BigIntegerField(help_text="Counts from 1 in each chain, without a gap.")
    previous_sha256 = models.CharField(max_length=64)
    sha256 = models.CharField(max_length=64)

    class Meta:
        ordering = ["chain", "sequence"]
        constraints = [
            models.UniqueConstraint(fields=["chain", "sequence"], name="link_once_a_place"),
        ]

    def __str__(self) -> str:
        return f"{self.sequence}:{self.sha256}"


class NotedHead(models.Model):
    """Where a chain ended at some time. An event of the installation holds a hash of all of them.

    is_verified: whether the chain was followed up to there and held, so that the next time it can
    be followed from there on.
    """

    chain = models.UUIDField()
    sequence = models.BigIntegerField()
    sha256 = models.CharField(max_length=64)
    is_verified = models.BooleanField()
    noted_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["id"]
        indexes = [models.Index(fields=["chain", "id"], name="head_by_chain")]

    def __str__(self) -> str:
        return f"{self.sequence}:{self.sha256}"


class OwedEvent(models.Model):
    """An event of another clinic than the transaction's own: a worker records it afterwards.

    A row goes in the transaction in which its event comes. also_to: who is told of it besides;
    null where nobody is told at all.
    """

    at = models.DateTimeField(default=timezone.now)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True
    )
    clinic = models.ForeignKey("clinics.Clinic", on_delete=models.PROTECT, related_name="+")
    action = models.CharField(max_length=60)
    object_type = models.CharField(max_length=40)
    object_id = models.CharField(max_length=64, blank=True)
    case_id = models.UUIDField(null=True)
    reason = models.CharField(max_length=200, blank=True)
    reference = models.CharField(max_length=32, blank=True)
    also_to = models.JSONField(null=True)

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return self.action
