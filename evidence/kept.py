"""What the rows of every kind of entry have in common."""

from __future__ import annotations

from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q

from evidence.domain import terms

AFTER_THE_DOSSIER = 100_000
"""The place of an entry that a curator added: after all that came from the dossier."""

LAST_DAY = "The last day on which it holds; open where none is set."

KEY_SHAPE = RegexValidator(
    r"\A[a-z0-9][a-z0-9-]*\Z", "Use small letters, digits and hyphens, as in philip-2016."
)


class Kept(models.Model):
    """What every entry of the evidence has: its place, and what was last loaded into it."""

    place = models.PositiveIntegerField(default=AFTER_THE_DOSSIER, editable=False)
    dossier_sha256 = models.CharField(
        max_length=64,
        blank=True,
        editable=False,
        help_text="Hash of the entry as last loaded; blank where a curator added it.",
    )
    withdrawn_as = models.CharField(
        max_length=20, blank=True, editable=False, choices=terms.WithdrawnAs.choices()
    )
    withdrawn_on = models.DateField(null=True, blank=True, editable=False)
    withdrawal_reason = models.TextField(blank=True, editable=False)

    class Meta:
        abstract = True
        ordering = ["place", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(withdrawn_as="", withdrawn_on__isnull=True, withdrawal_reason="")
                | (Q(withdrawn_on__isnull=False) & ~Q(withdrawn_as="") & ~Q(withdrawal_reason="")),
                name="%(class)s_withdrawal_has_reason",
            )
        ]
