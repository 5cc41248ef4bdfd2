"""EHRs from which a clinic launches, and what people and patients there are here.

Nothing of an answer and no token is kept here. A patient of an EHR is found by a hash of their id.
"""

from __future__ import annotations

import hashlib
import uuid

from django.conf import settings
from django.db import models

from decisions.cases.models import Case
from kapnet.core.people.models import Clinic
from kapnet.core.people.of_a_clinic import ClinicForeignKey, OfAClinic


class EhrIssuer(OfAClinic):
    """One EHR of one clinic. iss: its FHIR address, by which it names itself in a launch.

    token_issuer: the `iss` of its identity tokens, where it is not what its configuration says.
    hosts: others than that of iss to which its addresses may lead. keys: the public keys that sign
    its identity tokens, as a manager pasted them.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    clinic = models.ForeignKey(Clinic, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=80)
    iss = models.CharField(max_length=300)
    client_id = models.CharField(max_length=200)
    token_issuer = models.CharField(max_length=300, blank=True)
    hosts = models.JSONField(default=list)
    keys = models.JSONField(default=list)
    is_active = models.BooleanField(default=True)
    saved_at = models.DateTimeField()
    saved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        ordering = ["name", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["clinic", "iss"], name="ehr_issuer_once_a_clinic"),
        ]

    def __str__(self) -> str:
        return self.name


class EhrIdentity(OfAClinic):
    """Who a person of an EHR is here, as that person said by a click of their own."""

    clinic = models.ForeignKey(Clinic, on_delete=models.PROTECT, related_name="+")
    issuer = ClinicForeignKey(EhrIssuer, on_delete=models.PROTECT, related_name="identities")
    fhir_user = models.CharField(max_length=300)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    linked_at = models.DateTimeField()

    class Meta:
        ordering = ["linked_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["clinic", "issuer", "fhir_user"], name="ehr_identity_is_one"
            ),
            models.UniqueConstraint(
                fields=["clinic", "issuer", "user"], name="ehr_identity_once_a_person"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user} at {self.issuer}"


class EhrPatient(OfAClinic):
    """Which case is about a patient of an EHR."""

    clinic = models.ForeignKey(Clinic, on_delete=models.PROTECT, related_name="+")
    issuer = ClinicForeignKey(EhrIssuer, on_delete=models.PROTECT, related_name="patients")
    patient_sha256 = models.CharField(max_length=64)
    case = ClinicForeignKey(Case, on_delete=models.PROTECT, related_name="ehr_patients")
    linked_at = models.DateTimeField()
    linked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        ordering = ["linked_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["clinic", "issuer", "patient_sha256"], name="ehr_patient_is_one"
            ),
            models.UniqueConstraint(
                fields=["clinic", "issuer", "case"], name="ehr_patient_once_a_case"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.case_id} at {self.issuer}"


def hash_of(patient_id: str, issuer: EhrIssuer) -> str:
    """By what a patient of this EHR is found."""
    return hashlib.sha256(f"{issuer.pk} {patient_id}".encode()).hexdigest()
