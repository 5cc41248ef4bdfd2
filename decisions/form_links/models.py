"""Links by which a patient fills in forms, how the patient is reached, and what they propose.

The database keeps every row: a link that has ended does not change any more, and neither does a
proposal that somebody decided on.
"""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from decisions.cases.models import Case
from decisions.cases.safety.sources import OF_LINK
from kapnet.core.encryption.fields import EncryptedCharField, EncryptedJSONField
from kapnet.core.people.models import Clinic
from kapnet.core.people.of_a_clinic import ClinicForeignKey, ClinicOneToOneField, OfAClinic

HAS_PROPOSALS = "has_proposals"
"""What the query that reads a case says of it, so that a save costs no query more."""


class Contact(OfAClinic):
    """The address of a patient, and whether they agreed to mail. One row a case."""

    class MayMail(models.TextChoices):
        """Whether they agreed."""

        YES = "yes", "Yes, the patient agreed to it"
        NO = "no", "No"
        NOT_ASKED = "not_asked", "Not asked yet"

    clinic = models.ForeignKey(Clinic, on_delete=models.PROTECT, related_name="+")
    case = ClinicOneToOneField(Case, on_delete=models.PROTECT, related_name="contact")
    email = EncryptedCharField("email address", max_length=254, blank=True)
    may_mail = models.CharField(
        "May a mail go there?", max_length=9, choices=MayMail.choices, default=MayMail.NOT_ASKED
    )
    told_at = models.DateTimeField()
    told_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["clinic", "case"], name="contact_once_a_case"),
            models.CheckConstraint(
                condition=~Q(may_mail="yes") | ~Q(email=""), name="contact_mailed_has_an_address"
            ),
        ]

    def __str__(self) -> str:
        return f"Contact of {self.case_id}"


class FormLink(OfAClinic):
    """One address that one patient was given. The table holds the hash of its secret alone.

    cards: what is asked, in this order. read_within_days: until when somebody reads the answers,
    as the clinician promised and the patient reads. draft: what was answered so far, gone with
    the end. held_sha256 and held_until: of the browser that gave the right date of birth last.
    """

    class State(models.TextChoices):
        """How far it is."""

        WAITING = "waiting", "Not opened yet"
        OPENED = "opened", "Opened, not finished"
        COMPLETED = "completed", "Finished"
        EXPIRED = "expired", "Ran out"
        REVOKED = "revoked", "Revoked"

    class Because(models.TextChoices):
        """Why it was revoked."""

        BY_HAND = "by_hand", "by a clinician"
        TRIES = "tries", "the wrong date of birth was entered too often"
        CLOSED = "closed", "the case was closed"
        HANDED_OVER = "handed_over", "the case was handed over"
        ENDED = "ended", "the follow-up has ended"

    class SentAs(models.TextChoices):
        """How it reaches the patient."""

        SHOWN = "shown", "Shown once, to print or to pass on"
        MAIL = "mail", "By mail"
        DEVICE = "device", "On this device, which is handed over"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    clinic = models.ForeignKey(Clinic, on_delete=models.PROTECT, related_name="+")
    case = ClinicForeignKey(Case, on_delete=models.PROTECT, related_name="form_links")
    edition = models.CharField(max_length=20, help_text="By which is asked.")
    cards = models.JSONField()
    read_within_days = models.PositiveSmallIntegerField()
    token_sha256 = models.CharField(max_length=64)
    sent_as = models.CharField(max_length=6, choices=SentAs.choices)
    state = models.CharField(max_length=9, choices=State.choices, default=State.WAITING)
    made_at = models.DateTimeField(default=timezone.now)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    expires_at = models.DateTimeField()
    mailed_at = models.DateTimeField(null=True)
    opened_at = models.DateTimeField(null=True)
    completed_at = models.DateTimeField(null=True)
    wrong_tries = models.PositiveSmallIntegerField(default=0)
    held_sha256 = models.CharField(max_length=64, blank=True)
    held_from = models.DateTimeField(null=True)
    held_until = models.DateTimeField(null=True)
    draft = EncryptedJSONField(default=dict)
    revoked_at = models.DateTimeField(null=True)
    revoked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True
    )
    revoked_because = models.CharField(max_length=11, choices=Because.choices, blank=True)

    class Meta:
        ordering = ["-made_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["clinic", "case"],
                condition=Q(state__in=["waiting", "opened"]),
                name="form_link_one_waits_a_case",
            ),
            models.UniqueConstraint(fields=["token_sha256", "clinic"], name="form_link_token_once"),
            models.CheckConstraint(
                condition=Q(state="revoked") ^ Q(revoked_at__isnull=True),
                name="form_link_revoked_at_a_time",
            ),
            models.CheckConstraint(
                condition=Q(state="completed") ^ Q(completed_at__isnull=True),
                name="form_link_completed_at_a_time",
            ),
            models.CheckConstraint(
                condition=Q(read_within_days__gte=1, read_within_days__lte=14),
                name="form_link_read_within_days",
            ),
        ]

    def __str__(self) -> str:
        return f"Link of {self.case_id}"

    @property
    def waits(self) -> bool:
        """Whether it can still be answered."""
        return self.state in WAITS and timezone.now() < self.expires_at

    @property
    def read_by(self) -> datetime | None:
        """Until when somebody reads what was sent, as the patient was told."""
        sent = self.completed_at
        return None if sent is None else sent + timedelta(days=self.read_within_days)

    @property
    def reference(self) -> str:
        """How audit events name it."""
        return f"{OF_LINK}{self.pk}"


WAITS = (FormLink.State.WAITING, FormLink.State.OPENED)


class Proposal(OfAClinic):
    """What a patient answered to one question, which a clinician takes over or leaves.

    said: in the patient's words; value: what it would be as an answer, null where the clinician has
    to choose. Never an answer by itself.
    """

    class State(models.TextChoices):
        """What became of it."""

        OPEN = "open", "To be looked at"
        TAKEN = "taken", "Taken over"
        LEFT = "left", "Left"

    clinic = models.ForeignKey(Clinic, on_delete=models.PROTECT, related_name="+")
    case = ClinicForeignKey(Case, on_delete=models.PROTECT, related_name="proposals")
    link = ClinicForeignKey(FormLink, on_delete=models.PROTECT, related_name="proposals")
    question = models.CharField(max_length=60)
    asked = EncryptedCharField(max_length=300)
    said = EncryptedCharField(max_length=300)
    value = EncryptedJSONField(null=True)
    stated_at = models.DateTimeField()
    state = models.CharField(max_length=5, choices=State.choices, default=State.OPEN)
    decided_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True
    )

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["clinic", "link", "question"], name="proposal_once_a_link"
            ),
            models.CheckConstraint(
                condition=Q(state="open", decided_at__isnull=True, decided_by__isnull=True)
                | (~Q(state="open") & Q(decided_at__isnull=False, decided_by__isnull=False)),
                name="proposal_decided_by_somebody",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.question} proposed in {self.case_id}"
