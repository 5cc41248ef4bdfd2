"""That somebody was reminded of a thing that is due, and that somebody said it is done."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils import timezone

from decisions.cases.models import Case
from kapnet.core.people.models import Clinic
from kapnet.core.people.of_a_clinic import ClinicForeignKey, OfAClinic

LONGEST_KEY = 120
MOST_REMINDERS = 2


class Reminder(OfAClinic):
    """The first or second reminder of one thing. Written once, so that no run repeats it."""

    clinic = models.ForeignKey(Clinic, on_delete=models.PROTECT, related_name="+")
    case = ClinicForeignKey(Case, on_delete=models.PROTECT, related_name="+")
    key = models.CharField(max_length=LONGEST_KEY)
    nth = models.PositiveSmallIntegerField()
    reminded_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["clinic", "key", "nth"], name="reminder_once"),
            models.CheckConstraint(
                condition=models.Q(nth__gte=1, nth__lte=MOST_REMINDERS),
                name="reminder_twice_at_most",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.key}, {self.nth}"


class Done(OfAClinic):
    """Somebody said that a thing is done which no room sees the end of."""

    clinic = models.ForeignKey(Clinic, on_delete=models.PROTECT, related_name="+")
    case = ClinicForeignKey(Case, on_delete=models.PROTECT, related_name="+")
    key = models.CharField(max_length=LONGEST_KEY)
    done_at = models.DateTimeField(default=timezone.now)
    done_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        verbose_name_plural = "done things"
        constraints = [
            models.UniqueConstraint(fields=["clinic", "key"], name="done_once"),
        ]

    def __str__(self) -> str:
        return self.key
