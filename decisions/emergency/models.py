"""Emergency accesses, what became of them, and searches. All are written once, by triggers."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.utils import timezone

from decisions.cases.models import Case
from kapnet.core.encryption.fields import EncryptedTextField
from kapnet.core.people.models import Clinic
from kapnet.core.people.of_a_clinic import ClinicForeignKey, OfAClinic


class EmergencyAccess(OfAClinic):
    """One person may read one case until `ends_at`, unless they end it before."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = ClinicForeignKey(Case, on_delete=models.PROTECT, related_name="emergency_accesses")
    reason = EncryptedTextField("why the case was opened")
    opened_at = models.DateTimeField()
    opened_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    ends_at = models.DateTimeField()

    class Meta:
        verbose_name_plural = "emergency accesses"
        constraints = [
            models.CheckConstraint(
                condition=models.Q(ends_at__gt=models.F("opened_at")),
                name="emergency_access_ends_after_it_began",
            ),
        ]

    def __str__(self) -> str:
        return f"Emergency access to {self.case_id}"

    @property
    def ended(self) -> EmergencyStep | None:
        """That its person ended it; None while nobody has."""
        return self._step(EmergencyStep.Kind.ENDED)

    @property
    def seen(self) -> EmergencyStep | None:
        """That a therapist has looked at it; None while nobody has."""
        return self._step(EmergencyStep.Kind.SEEN)

    @property
    def is_open(self) -> bool:
        """Whether the case may be read by it now."""
        return timezone.now() < self.ends_at and self.ended is None

    def _step(self, kind: str) -> EmergencyStep | None:
        return next((one for one in self.steps.all() if one.kind == kind), None)


class EmergencyStep(OfAClinic):
    """What became of an access. note: what a therapist said of it; blank where nothing."""

    class Kind(models.TextChoices):
        """What somebody did."""

        ENDED = "ended", "Ended"
        SEEN = "seen", "Looked at"

    access = ClinicForeignKey(EmergencyAccess, on_delete=models.PROTECT, related_name="steps")
    kind = models.CharField(max_length=5, choices=Kind.choices)
    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    note = EncryptedTextField(blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["clinic", "access", "kind"], name="emergency_step_once"
            ),
            models.CheckConstraint(
                condition=models.Q(kind__in=("ended", "seen")), name="emergency_step_is_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.access_id} {self.kind}"


class EmergencySearch(OfAClinic):
    """Somebody looked for a patient, and why. found: how many patients they were shown.

    The words are not kept: they may name whom nobody treats here.
    """

    clinic = models.ForeignKey(Clinic, on_delete=models.PROTECT, related_name="+")
    reason = EncryptedTextField("why somebody looked for a patient")
    found = models.PositiveSmallIntegerField()
    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name_plural = "emergency searches"

    def __str__(self) -> str:
        return f"Emergency search by {self.by_id}"
