"""By what the database finds a signed letter: rows for those who get copies, and indexes."""

from __future__ import annotations

from django.db import models

from kapnet.core.people.models import Clinic
from kapnet.core.people.of_a_clinic import ClinicForeignKey, OfAClinic


class CopyDigest(OfAClinic):
    """One digest of `copies_index` as a row of its own, which the database finds by an index."""

    clinic = models.ForeignKey(
        Clinic, on_delete=models.CASCADE, related_name="+", db_index=False, editable=False
    )
    letter = ClinicForeignKey(
        "letters.Letter", on_delete=models.CASCADE, related_name="copy_digests"
    )
    digest = models.CharField(max_length=16)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["clinic", "digest", "letter"], name="copy_digest_once_a_letter"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.digest} of {self.letter_id}"


def of_signed(field: str, *, name: str) -> models.Index:
    """An index of the signed letters of each clinic by this field."""
    return models.Index(fields=["clinic", field], condition=models.Q(status="signed"), name=name)
