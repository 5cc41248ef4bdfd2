"""What a patient signed about sharing. A consent is never changed: it is revoked, and stays."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.utils import timezone

from decisions.cases.models import Case
from kapnet.core.encryption.fields import EncryptedCharField, EncryptedTextField
from kapnet.core.people.of_a_clinic import ClinicForeignKey, ClinicOneToOneField, OfAClinic


class Consent(OfAClinic):
    """One signed paper: who may get what, for which purpose, and until when.

    The paper itself is kept where `reference` says. for_all_who_treat: it names the providers who
    treat the patient as a class, as a single consent for treatment, payment and operations does.
    """

    class Kind(models.TextChoices):
        """Under which rule it was signed."""

        AUTHORIZATION = "authorization", "Authorization (45 CFR 164.508)"
        PART2 = "part2", "Consent for substance use records (42 CFR Part 2)"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = ClinicForeignKey(Case, on_delete=models.PROTECT, related_name="consents")
    kind = models.CharField(max_length=13, choices=Kind.choices)
    reference = EncryptedCharField("number of the paper, or where it is kept", max_length=120)
    recipient = EncryptedCharField("who may receive it", max_length=160, blank=True)
    for_all_who_treat = models.BooleanField(
        "it names all who treat the patient, not one recipient", default=False
    )
    purpose = EncryptedCharField("for which purpose", max_length=200)
    scope = EncryptedTextField("what may be shared", max_length=600)
    covers_substance_use = models.BooleanField(
        "it covers alcohol and drug use, and withdrawal", default=False
    )
    signed_by = EncryptedCharField("who signed, and by what authority", max_length=160)
    signed_on = models.DateField("day of the signature")
    expires_on = models.DateField("last day on which it holds", null=True, blank=True)
    expires_with = EncryptedCharField("or the event that ends it", max_length=200, blank=True)
    recorded_at = models.DateTimeField(auto_now_add=True)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    revoked_at = models.DateTimeField(null=True, blank=True)
    revoked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="+",
        null=True,
        blank=True,
    )
    revoked_because = EncryptedCharField(max_length=200, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(revoked_at__isnull=True, revoked_by__isnull=True)
                | models.Q(revoked_at__isnull=False, revoked_by__isnull=False),
                name="consent_revoked_by_somebody",
            ),
            models.CheckConstraint(
                condition=~models.Q(recipient="") | models.Q(for_all_who_treat=True),
                name="consent_names_a_recipient",
            ),
            models.CheckConstraint(
                condition=models.Q(expires_on__isnull=False) | ~models.Q(expires_with=""),
                name="consent_ends",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}, {self.reference}"

    @property
    def is_revoked(self) -> bool:
        """Whether nothing new may leave under it."""
        return self.revoked_at is not None

    @property
    def has_expired(self) -> bool:
        """Whether its last day is over."""
        return self.expires_on is not None and self.expires_on < timezone.localdate()

    @property
    def whom(self) -> str:
        """Who may receive it, in words."""
        return "All who treat the patient" if self.for_all_who_treat else self.recipient


class SubstanceSource(OfAClinic):
    """Where a case's answers on alcohol, drugs and withdrawal come from. One row a case."""

    class Source(models.TextChoices):
        """What is not known counts as a program under 42 CFR Part 2."""

        SELF_REPORT = "self_report", "The patient told us"
        OWN_ASSESSMENT = "own_assessment", "We assessed it ourselves"
        PART2_PROGRAM = "part2_program", "A program under 42 CFR Part 2 recorded it"
        UNKNOWN = "unknown", "Not known"

    case = ClinicOneToOneField(Case, on_delete=models.CASCADE, related_name="substance_source")
    source = models.CharField(max_length=14, choices=Source.choices)
    saved_at = models.DateTimeField(auto_now=True)
    saved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["clinic", "case"], name="substance_source_once_a_case"),
        ]

    def __str__(self) -> str:
        return self.get_source_display()
