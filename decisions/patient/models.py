"""What a case said of its patient before it was corrected. The database refuses changes."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django_scopes import ScopedManager

from decisions.cases.models import Case
from decisions.cases.patients import Details
from kapnet.core.encryption.fields import EncryptedCharField, EncryptedDateField


class PatientCorrection(models.Model):
    """One correction: what was there before, why it was changed, by whom and when."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="patient_corrections")
    patient_name = EncryptedCharField("name before", max_length=120)
    date_of_birth = EncryptedDateField("date of birth before", null=True, blank=True)
    reference = EncryptedCharField("reference before", max_length=60, blank=True)
    reason = EncryptedCharField(max_length=200)
    corrected_at = models.DateTimeField()
    corrected_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )

    objects = ScopedManager(clinic="case__clinic")

    class Meta:
        ordering = ["corrected_at", "pk"]

    def __str__(self) -> str:
        return f"Correction {self.pk} of {self.case_id}"

    @property
    def before(self) -> Details:
        """What was there before."""
        return Details(self.patient_name, self.date_of_birth, self.reference)
