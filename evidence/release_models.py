"""Releases of the evidence: each a whole, under a name of its own, and never changed."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import QuerySet


class ReleaseManager(models.Manager["Release"]):
    """Reads releases without their content, which is large: ask for it by `evidence_of`."""

    def get_queryset(self) -> QuerySet[Release]:
        """Every release, its content left in the database until it is touched."""
        return super().get_queryset().defer("content")


class Release(models.Model):
    """A state of the whole evidence under a name and a number. The database refuses changes.

    content: the evidence as plain JSON, from which everything that rests on this release is read;
    null for a release made before contents were kept. author and approver are two persons; both
    are open where the project's own dossier was loaded.
    """

    number = models.PositiveIntegerField(unique=True)
    name = models.CharField(max_length=40, unique=True)
    sha256 = models.CharField(max_length=64)
    content = models.JSONField(null=True, editable=False)
    published_at = models.DateTimeField(auto_now_add=True)
    notes = models.TextField(blank=True, help_text="What changed, for clinicians.")
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    approver = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    source_count = models.PositiveIntegerField()
    position_count = models.PositiveIntegerField()
    caution_count = models.PositiveIntegerField()
    claim_count = models.PositiveIntegerField()

    objects = ReleaseManager()

    class Meta:
        ordering = ["-number"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(author__isnull=True) | ~models.Q(author=models.F("approver")),
                name="release_by_two_persons",
            )
        ]

    def __str__(self) -> str:
        return self.name
