"""Programs that may call this one for a clinic, what they hold, and who agreed to what they read.

Public keys and hashes alone: nothing in these tables lets anybody call.
"""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from kapnet.core.people.models import Clinic
from kapnet.core.people.of_a_clinic import ClinicForeignKey, OfAClinic
from kapnet.core.web.once import OnceField, once_a_form

HASH_LENGTH = 64


class ApiClient(OfAClinic):
    """One program of one clinic. Stopped, never removed: the audit log names it.

    issuer: what a sender of CDS Hooks writes as `iss`; a backend writes its id. keys: public JWKs.
    keys_address: the only `jku` that its tokens may name; it is compared and never opened. minute
    and calls: how often it called within the minute of its last call, for the limit.
    """

    class Kind(models.TextChoices):
        """How it proves who it is."""

        BACKEND = "backend", "A program that reads and writes (SMART backend service)"
        CDS = "cds", "A record system that asks for advice (CDS Hooks)"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    clinic = models.ForeignKey(Clinic, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=120)
    kind = models.CharField(max_length=7, choices=Kind.choices)
    issuer = models.CharField(max_length=300, blank=True, db_index=True)
    keys = models.JSONField()
    keys_address = models.CharField(max_length=300, blank=True)
    scopes = models.JSONField(default=list)
    is_active = models.BooleanField(default=True)
    made_at = models.DateTimeField(default=timezone.now)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    last_used_at = models.DateTimeField(null=True)
    minute = models.BigIntegerField(default=0, editable=False)
    calls = models.PositiveIntegerField(default=0, editable=False)
    once = OnceField()

    class Meta:
        ordering = ["name", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind="backend", issuer="") | (Q(kind="cds") & ~Q(issuer="")),
                name="api_client_cds_has_an_issuer",
            ),
            once_a_form("api_client_once_a_form"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def reference(self) -> str:
        """How the audit log names it."""
        return self.pk.hex


class Agreement(OfAClinic):
    """That a client may read everything: a manager asks, a therapist agrees or refuses.

    The database keeps it as it was decided. It is used up when the client gets fewer rights.
    """

    class State(models.TextChoices):
        """How far it is."""

        ASKED = "asked", "Asked for"
        AGREED = "agreed", "Agreed"
        REFUSED = "refused", "Refused"
        TAKEN_BACK = "taken_back", "Taken back"

    clinic = models.ForeignKey(Clinic, on_delete=models.PROTECT, related_name="+")
    client = ClinicForeignKey(ApiClient, on_delete=models.PROTECT, related_name="agreements")
    scopes = models.JSONField()
    reason = models.CharField(max_length=200)
    state = models.CharField(max_length=10, choices=State.choices, default=State.ASKED)
    asked_at = models.DateTimeField(default=timezone.now)
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    decided_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True
    )

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["clinic", "client"],
                condition=Q(state="asked"),
                name="agreement_one_waits_a_client",
            ),
            models.CheckConstraint(
                condition=Q(state="asked") ^ Q(decided_by__isnull=False),
                name="agreement_decided_by_somebody",
            ),
            models.CheckConstraint(
                condition=~Q(state="agreed") | ~Q(decided_by=F("asked_by")),
                name="agreement_by_two_people",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.state} for {self.client_id}"


class AccessToken(OfAClinic):
    """What a client holds for some minutes. The table has the hash of it alone."""

    clinic = models.ForeignKey(Clinic, on_delete=models.PROTECT, related_name="+")
    client = ClinicForeignKey(ApiClient, on_delete=models.PROTECT, related_name="+")
    sha256 = models.CharField(max_length=HASH_LENGTH)
    scopes = models.JSONField()
    ends_at = models.DateTimeField(db_index=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["sha256", "clinic"], name="access_token_once"),
        ]

    def __str__(self) -> str:
        return f"Token of {self.client_id}"


class UsedAssertion(OfAClinic):
    """A signed assertion that was used: it works once. Kept until nobody could use it again."""

    clinic = models.ForeignKey(Clinic, on_delete=models.PROTECT, related_name="+")
    client = ClinicForeignKey(ApiClient, on_delete=models.PROTECT, related_name="+")
    jti_sha256 = models.CharField(max_length=HASH_LENGTH)
    kept_until = models.DateTimeField(db_index=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["clinic", "client", "jti_sha256"], name="assertion_used_once"
            ),
        ]

    def __str__(self) -> str:
        return f"Assertion of {self.client_id}"
