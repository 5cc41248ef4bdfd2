"""What a case said of its patient before it was corrected, and how to speak with them.

The database refuses to change a correction.
"""

from __future__ import annotations

from django.conf import settings
from django.db import models

from decisions.cases.models import Case
from decisions.cases.patients import Details
from kapnet.core.encryption.fields import EncryptedCharField, EncryptedDateField
from kapnet.core.people.of_a_clinic import ClinicForeignKey, ClinicOneToOneField, OfAClinic


class PatientCorrection(OfAClinic):
    """One correction: what was there before, why it was changed, by whom and when."""

    case = ClinicForeignKey(Case, on_delete=models.PROTECT, related_name="patient_corrections")
    patient_name = EncryptedCharField("name before", max_length=120)
    date_of_birth = EncryptedDateField("date of birth before", null=True, blank=True)
    reference = EncryptedCharField("reference before", max_length=60, blank=True)
    reason = EncryptedCharField(max_length=200)
    corrected_at = models.DateTimeField()
    corrected_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        ordering = ["corrected_at", "pk"]

    def __str__(self) -> str:
        return f"Correction {self.pk} of {self.case_id}"

    @property
    def before(self) -> Details:
        """What was there before."""
        return Details(self.patient_name, self.date_of_birth, self.reference)


class PatientNeeds(OfAClinic):
    """How to speak with a patient: asked once, shown on the case and printed in letters."""

    class Interpreter(models.TextChoices):
        """Whether somebody has to interpret."""

        NEEDED = "needed", "Yes"
        NOT_NEEDED = "not_needed", "No"

    case = ClinicOneToOneField(
        Case, on_delete=models.PROTECT, primary_key=True, related_name="needs"
    )
    preferred_name = EncryptedCharField(max_length=80, blank=True)
    language = EncryptedCharField(max_length=80, blank=True)
    interpreter = EncryptedCharField(max_length=12, choices=Interpreter.choices, blank=True)
    saved_at = models.DateTimeField()
    saved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        verbose_name_plural = "patient needs"

    def __str__(self) -> str:
        return f"Needs of {self.case_id}"

    @property
    def language_in_words(self) -> str:
        """Language and interpreter, as pages and letters say them; empty where nothing is said."""
        interpreter = {"needed": "interpreter needed", "not_needed": "no interpreter needed"}
        return ", ".join(filter(None, (self.language, interpreter.get(self.interpreter, ""))))
