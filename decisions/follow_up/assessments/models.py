"""Forms that patients filled in. A row is never changed: what was entered by mistake is voided."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q

from decisions.cases.models import Case
from kapnet.core.encryption.fields import EncryptedCharField, EncryptedJSONField
from kapnet.core.people.models import Clinic
from kapnet.core.people.of_a_clinic import ClinicForeignKey, OfAClinic


class Instrument(models.TextChoices):
    """The instruments that are followed."""

    PHQ9 = "phq9", "PHQ-9"
    GAD7 = "gad7", "GAD-7"


class Voidable(OfAClinic):
    """A row that is never changed but once: voided, by somebody and for a reason."""

    voided_at = models.DateTimeField(null=True)
    voided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True
    )
    voided_because = EncryptedCharField(max_length=200, blank=True)

    class Meta:
        abstract = True

    @property
    def is_voided(self) -> bool:
        """Whether it counts for nothing."""
        return self.voided_at is not None


def voided_as_a_whole(name: str) -> models.CheckConstraint:
    """Voided at a time, by somebody and for a reason; or not at all."""
    return models.CheckConstraint(
        condition=Q(voided_at__isnull=True, voided_by__isnull=True, voided_because="")
        | (Q(voided_at__isnull=False, voided_by__isnull=False) & ~Q(voided_because="")),
        name=name,
    )


class Assessment(Voidable):
    """One form that a patient filled in.

    authored_at: when it was filled in on a screen, or entered from paper. items: one score for
    each, null where it was not answered; null as a whole where only the total is known. total:
    null unless all items are answered, or it was copied from paper.
    """

    class Source(models.TextChoices):
        """By whom, and from what, it came in."""

        CLINICIAN = "clinician", "Entered item by item"
        PATIENT_LINK = "patient_link", "By the patient, by link"
        PAPER_TOTAL = "paper_total", "Total copied from paper"
        FHIR = "fhir", "From another system"
        IMPORT = "import", "Imported"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    clinic = models.ForeignKey(Clinic, on_delete=models.PROTECT, related_name="+")
    case = ClinicForeignKey(Case, on_delete=models.PROTECT, related_name="assessments")
    instrument = models.CharField(max_length=8, choices=Instrument.choices)
    edition = models.CharField(max_length=20, help_text="By which it was asked.")
    taken_on = models.DateField("filled in on")
    authored_at = models.DateTimeField()
    items = EncryptedJSONField(null=True)
    total = models.PositiveSmallIntegerField(null=True)
    item9 = models.PositiveSmallIntegerField(null=True)
    source = models.CharField(max_length=12, choices=Source.choices)
    entered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True
    )
    external_id = models.CharField(max_length=120, blank=True)
    link = ClinicForeignKey(
        "form_links.FormLink",
        on_delete=models.PROTECT,
        related_name="assessments",
        null=True,
        help_text="By which the patient sent it.",
    )

    class Meta:
        ordering = ["taken_on", "authored_at", "pk"]
        indexes = [
            models.Index(
                fields=["clinic", "instrument", "case", "taken_on"],
                condition=Q(voided_at=None, total__isnull=False),
                name="assessment_complete",
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["clinic", "case", "source", "external_id"],
                condition=~Q(external_id=""),
                name="assessment_once_from_elsewhere",
            ),
            models.CheckConstraint(
                condition=Q(instrument="phq9") & (Q(total__isnull=True) | Q(total__lte=27))
                | Q(instrument="gad7", item9__isnull=True)
                & (Q(total__isnull=True) | Q(total__lte=21)),
                name="assessment_within_its_scale",
            ),
            models.CheckConstraint(
                condition=Q(item9__isnull=True) | Q(item9__lte=3), name="assessment_item9_to_3"
            ),
            models.CheckConstraint(
                condition=Q(items__isnull=False, source__in=["clinician", "patient_link"])
                | Q(items__isnull=True, total__isnull=False, source="paper_total")
                | Q(source__in=["fhir", "import"]),
                name="assessment_items_or_paper",
            ),
            models.CheckConstraint(
                condition=Q(source__in=["clinician", "paper_total"], entered_by__isnull=False)
                | Q(source="patient_link", entered_by__isnull=True)
                | Q(source__in=["fhir", "import"]),
                name="assessment_entered_by_somebody",
            ),
            models.UniqueConstraint(
                fields=["clinic", "link", "instrument"], name="assessment_once_by_a_link"
            ),
            models.CheckConstraint(
                condition=Q(source="patient_link") ^ Q(link__isnull=True),
                name="assessment_of_a_patient_by_a_link",
            ),
            voided_as_a_whole("assessment_voided_for_a_reason"),
        ]

    def __str__(self) -> str:
        return f"{self.get_instrument_display()} of {self.case_id}, {self.taken_on}"
