"""From where something came into a case, and who wrote it where nobody with an account did."""

from __future__ import annotations

from django.db import models

BY_LINK = "the patient, by link"
"""Who did what nobody with an account did."""

OF_LINK = "link "
"""How the reason of an audit event begins that a patient's link left."""


ANOTHER_SYSTEM = "another system"


class Source(models.TextChoices):
    """From where something came into a case. Only by their link does a patient write."""

    CLINICIAN = "clinician", "A clinician"
    PATIENT_LINK = "patient_link", "The patient, by link"
    FHIR = "fhir", "Another system"
    IMPORT = "import", "A file"


def written_by(person: str, source: str) -> models.Q:
    """Of a row: a clinician's account wrote it, or the patient, by link, or a system or a file.

    What a system sends nobody's account writes, unless a person brought it.
    """
    is_empty = {f"{person}__isnull": True}
    by_link = models.Q(**{source: Source.PATIENT_LINK}, **is_empty)
    by_person = models.Q(**{source: Source.CLINICIAN}) & ~models.Q(**is_empty)
    return by_link | by_person | models.Q(**{f"{source}__in": [Source.FHIR, Source.IMPORT]})


def who(person: object | None, source: str = Source.PATIENT_LINK) -> str:
    """Who wrote a row, in words."""
    if person is not None:
        return str(person)
    return BY_LINK if source == Source.PATIENT_LINK else ANOTHER_SYSTEM
