"""Colleagues outside the clinic, and the sites at which they are reached."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models

from kapnet.core.people.models import Clinic
from kapnet.core.people.of_a_clinic import ClinicForeignKey, OfAClinic


class Part(models.TextChoices):
    """What a colleague can do for a patient. Nothing ticked says nothing."""

    PRESCRIBER = "prescriber", "Prescriber of ketamine or esketamine"
    TMS_PROVIDER = "tms_provider", "TMS provider"
    THERAPIST = "therapist", "Therapist trained in ketamine-assisted therapy"
    GENERAL_PRACTITIONER = "general_practitioner", "General practitioner"


class Colleague(OfAClinic):
    """A clinician, or a service as a whole. Deactivated, never deleted: letters name it."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    clinic = models.ForeignKey(Clinic, on_delete=models.PROTECT, related_name="colleagues")
    name = models.CharField("name of the person or service", max_length=120)
    profession = models.CharField(max_length=120, blank=True)
    license_number = models.CharField("license or NPI", max_length=60, blank=True)
    is_prescriber = models.BooleanField(default=False)
    is_tms_provider = models.BooleanField(default=False)
    is_therapist = models.BooleanField(default=False)
    is_general_practitioner = models.BooleanField(default=False)
    is_active = models.BooleanField(default=True)
    saved_at = models.DateTimeField()
    saved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )

    def __str__(self) -> str:
        return self.name

    @property
    def parts(self) -> tuple[Part, ...]:
        """What this colleague does, in a fixed order."""
        return tuple(part for part in Part if getattr(self, field_of(part)))

    @property
    def parts_in_words(self) -> str:
        """What this colleague does, for a reader."""
        return "; ".join(part.label for part in self.parts) or "Not known"


def field_of(part: str) -> str:
    """The field that says whether a colleague has this part."""
    return f"is_{part}"


class Site(OfAClinic):
    """One place at which a colleague is reached. Changed details are not verified any more."""

    class Accepts(models.TextChoices):
        """Whether referrals are taken there."""

        YES = "yes", "Yes"
        NO = "no", "No"
        NOT_KNOWN = "not_known", "Not known"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    colleague = ClinicForeignKey(Colleague, on_delete=models.PROTECT, related_name="sites")
    organization = models.CharField(max_length=160, blank=True)
    address = models.TextField(max_length=600)
    phone = models.CharField(max_length=40, blank=True)
    secure_reply = models.CharField("secure reply route", max_length=200, blank=True)
    accepts_referrals = models.CharField(
        max_length=9, choices=Accepts.choices, default=Accepts.NOT_KNOWN
    )
    is_active = models.BooleanField(default=True)
    verified_on = models.DateField(null=True, blank=True)
    verified_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="+",
        null=True,
        blank=True,
    )
    saved_at = models.DateTimeField()
    saved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(verified_on__isnull=True, verified_by__isnull=True)
                | models.Q(verified_on__isnull=False, verified_by__isnull=False),
                name="site_verified_by_somebody",
            ),
            models.CheckConstraint(
                condition=models.Q(accepts_referrals__in=["yes", "no", "not_known"]),
                name="site_accepts_is_known",
            ),
        ]

    def __str__(self) -> str:
        return ", ".join(filter(None, (self.colleague.name, self.organization)))

    @property
    def is_open(self) -> bool:
        """Whether it can be chosen: neither the site nor its colleague is deactivated."""
        return self.is_active and self.colleague.is_active

    @property
    def is_verified(self) -> bool:
        """Whether somebody checked these very details."""
        return self.verified_on is not None

    @property
    def stamp(self) -> str:
        """Another one after each change of the site or its colleague, as a part of an element's id:
        letters, digits and hyphens, for a selector finds it."""
        return f"{self.pk}-{self.colleague.saved_at:%Y%m%d%H%M%S%f}-{self.saved_at:%Y%m%d%H%M%S%f}"
