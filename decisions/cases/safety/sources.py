"""From where something came into a case, and who wrote it where nobody with an account did."""

from __future__ import annotations

from django.db import models

BY_LINK = "the patient, by link"
"""Who did what nobody with an account did."""

OF_LINK = "link "
"""How the reason of an audit event begins that a patient's link left."""


class Source(models.TextChoices):
    """From where something came into a case. Only by their link does a patient write."""

    CLINICIAN = "clinician", "A clinician"
    PATIENT_LINK = "patient_link", "The patient, by link"
    FHIR = "fhir", "Another system"
    IMPORT = "import", "A file"


def written_by(person: str, source: str) -> models.Q:
    """Of a row: nobody's account wrote it exactly where the patient did, by link."""
    by_link = models.Q(**{source: Source.PATIENT_LINK})
    return models.Q(by_link, **{f"{person}__isnull": True}) | models.Q(
        ~by_link, **{f"{person}__isnull": False}
    )


def who(person: object | None) -> str:
    """Who wrote a row, in words."""
    return BY_LINK if person is None else str(person)
