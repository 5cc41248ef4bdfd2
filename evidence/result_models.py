"""The numbers of a source as rows."""

from __future__ import annotations

from django.db import models
from simple_history.models import HistoricalRecords

from evidence.constraints import paired
from evidence.kept import AFTER_THE_DOSSIER


class Result(models.Model):
    """One number, range or statement that a source reports, kept as printed even where odd."""

    source = models.ForeignKey("evidence.Source", on_delete=models.CASCADE, related_name="results")
    place = models.PositiveIntegerField(default=AFTER_THE_DOSSIER, editable=False)
    measure = models.CharField(max_length=200)
    arm = models.CharField(
        max_length=120, blank=True, help_text="The group, or “A vs B” for an effect."
    )
    timepoint = models.CharField(max_length=120, blank=True)
    value = models.FloatField(null=True, blank=True)
    value_low = models.FloatField(
        "from", null=True, blank=True, help_text="A range, not an interval."
    )
    value_high = models.FloatField("to", null=True, blank=True)
    value_text = models.CharField("in words", max_length=300, blank=True)
    sd = models.FloatField("SD", null=True, blank=True)
    events = models.PositiveIntegerField(null=True, blank=True, help_text="How many people …")
    total = models.PositiveIntegerField(null=True, blank=True, help_text="… of how many.")
    unit = models.CharField(max_length=60, blank=True)
    ci_low = models.FloatField("95% from", null=True, blank=True)
    ci_high = models.FloatField("95% to", null=True, blank=True)
    p = models.CharField(max_length=40, blank=True, help_text="As printed: <0.001.")
    n = models.PositiveIntegerField(
        "number analyzed", null=True, blank=True, help_text="People behind this number."
    )
    note = models.CharField(max_length=300, blank=True)
    history = HistoricalRecords()

    class Meta:
        ordering = ["place", "pk"]
        constraints = [
            paired("value_low", "value_high", "result_range_has_both_ends"),
            paired("ci_low", "ci_high", "result_interval_has_both_ends"),
            paired("events", "total", "result_counts_come_together"),
        ]

    def __str__(self) -> str:
        return ", ".join(part for part in (self.measure, self.arm, self.timepoint) if part)
