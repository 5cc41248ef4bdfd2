"""What was disclosed in a medical emergency without the patient's consent (42 CFR 2.51)."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from kapnet.core.encryption.fields import EncryptedTextField
from kapnet.core.people.of_a_clinic import ClinicForeignKey, OfAClinic


class EmergencyDisclosure(OfAClinic):
    """One disclosure, as 42 CFR 2.51(c) wants it in the records. Written once.

    To whom, with their affiliation; who disclosed; when; the nature of the emergency.
    """

    letter = ClinicForeignKey(
        "letters.Letter", on_delete=models.PROTECT, related_name="emergency_disclosures"
    )
    recipient_name = models.CharField(max_length=120)
    affiliation = models.CharField(max_length=160)
    disclosed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    disclosed_at = models.DateTimeField()
    nature = EncryptedTextField("nature of the emergency")

    class Meta:
        ordering = ["disclosed_at", "pk"]

    def __str__(self) -> str:
        return f"Emergency disclosure of {self.letter_id}"
