"""The safety task of a case."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from decisions.cases.safety.sources import Source, who, written_by
from kapnet.core.encryption.fields import EncryptedTextField
from kapnet.core.people.of_a_clinic import ClinicForeignKey, OfAClinic


class SafetyTask(OfAClinic):
    """Opened by a positive item 9; only a clinician's documented assessment closes it.

    A later, higher answer raises it while it is open. It never falls.
    """

    case = ClinicForeignKey("decisions.Case", on_delete=models.CASCADE, related_name="safety_tasks")
    first_item9 = models.PositiveSmallIntegerField()
    first_item9_on = models.DateField(help_text="The day of that form.")
    item9 = models.PositiveSmallIntegerField(help_text="The highest since it was opened.")
    item9_on = models.DateField(help_text="The day of that form.")
    raised_at = models.DateTimeField(help_text="When the highest was entered.")
    raised_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True
    )
    raised_source = models.CharField(
        max_length=12, choices=Source.choices, default=Source.CLINICIAN
    )
    opened_at = models.DateTimeField()
    opened_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True
    )
    source = models.CharField(max_length=12, choices=Source.choices, default=Source.CLINICIAN)
    assessment = EncryptedTextField("how risk was assessed", blank=True)
    agreed = EncryptedTextField("what was agreed", blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="+",
        null=True,
        blank=True,
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["clinic", "case"],
                condition=models.Q(closed_at__isnull=True),
                name="safety_task_one_open_a_case",
            ),
            models.CheckConstraint(
                condition=models.Q(item9__gte=models.F("first_item9")),
                name="safety_task_keeps_the_highest",
            ),
            models.CheckConstraint(
                condition=written_by("opened_by", "source")
                & written_by("raised_by", "raised_source"),
                name="safety_task_by_somebody_or_something",
            ),
            models.CheckConstraint(
                condition=models.Q(closed_at__isnull=True, closed_by__isnull=True)
                | (
                    models.Q(closed_at__isnull=False, closed_by__isnull=False)
                    & ~models.Q(assessment="")
                    & ~models.Q(agreed="")
                ),
                name="safety_task_closed_with_assessment",
            ),
        ]

    def __str__(self) -> str:
        return f"Safety task of {self.case_id}"

    @property
    def opener(self) -> str:
        """Who opened it, in words."""
        return who(self.opened_by, self.source)

    @property
    def raiser(self) -> str:
        """Who entered the highest answer, in words."""
        return who(self.raised_by, self.raised_source)
