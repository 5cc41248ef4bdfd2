"""Checks for retractions: one row for each source and check, never changed."""

from __future__ import annotations

from django.db import models

from evidence.constraints import one_of


class CheckOutcome(models.TextChoices):
    """What the check found."""

    RETRACTED = "retracted", "Retracted"
    OTHER = "other", "Another notice"
    CONCERN = "concern", "Expression of concern"
    CORRECTION = "correction", "Correction"
    NOTHING_FOUND = "nothing_found", "Nothing found"
    COULD_NOT_CHECK = "could_not_check", "Could not check"


class CheckedBy(models.TextChoices):
    """Where the records came from."""

    FILE = "file", "A file of records"
    FETCH = "fetch", "Crossref itself"


class RetractionCheck(models.Model):
    """What Crossref said of one source on one day.

    doi: the one that was asked for. is_complete: both sides were looked at, and all was read.
    notice: blank where none was found. detail: other notices, and why a check is not complete.
    """

    checked_at = models.DateTimeField(auto_now_add=True)
    checked_by = models.CharField(max_length=5, choices=CheckedBy.choices)
    source_key = models.CharField(max_length=80)
    doi = models.CharField(max_length=120)
    outcome = models.CharField(max_length=20, choices=CheckOutcome.choices)
    is_complete = models.BooleanField()
    notice_type = models.CharField(max_length=60, blank=True)
    notice_doi = models.CharField(max_length=200, blank=True)
    notice_on = models.CharField(max_length=10, blank=True, help_text="Day, month or year.")
    detail = models.TextField(blank=True)

    class Meta:
        ordering = ["-checked_at", "-pk"]
        indexes = [models.Index(fields=["source_key", "-checked_at"], name="check_by_source")]
        constraints = [
            one_of("outcome", CheckOutcome.values, "retraction_check_outcome_known"),
            models.CheckConstraint(
                condition=~models.Q(outcome="nothing_found") | models.Q(is_complete=True),
                name="retraction_check_nothing_only_if_complete",
            ),
            models.CheckConstraint(
                condition=~models.Q(outcome="could_not_check") | models.Q(is_complete=False),
                name="retraction_check_could_not_is_incomplete",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.source_key}: {self.get_outcome_display()}"

    @property
    def notice(self) -> str:
        """The notice in words: its kind, DOI and day."""
        return ", ".join(
            filter(None, (self.notice_type.replace("_", " "), self.notice_doi, self.notice_on))
        )
