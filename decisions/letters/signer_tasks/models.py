"""Tasks of who signed a letter, when what it rests on is less than it was."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from decisions.cases.models import EditionRelease
from evidence.domain.terms import EntryKind
from evidence.models import Release
from kapnet.core.encryption.fields import EncryptedTextField
from kapnet.core.people.of_a_clinic import ClinicForeignKey, OfAClinic


def _task_has_its_reason() -> models.Q:
    """Withdrawn evidence names entry and release, a later edition its release and changes."""
    of_evidence = {"release__isnull": False, "edition_release__isnull": True}
    of_edition = {"release__isnull": True, "edition_release__isnull": False, "entry_kind": ""}
    return (
        models.Q(reason="withdrawn", changes__isnull=True, **of_evidence)
        & ~models.Q(entry_kind="")
        & ~models.Q(source_key="")
    ) | models.Q(reason="stricter", changes__isnull=False, **of_edition)


class LetterTask(OfAClinic):
    """Something speaks against what a signed letter rests on: its signer looks, and says what
    follows. The letter itself stays as it was signed.

    Evidence was withdrawn: one row for each entry, opened by the release that withdrew it; label
    and why are what that release said. A later edition is stricter: one row, with what differs;
    entry_key is the edition.
    """

    class Reason(models.TextChoices):
        """Why it was opened."""

        WITHDRAWN = "withdrawn", "Evidence was withdrawn"
        STRICTER = "stricter", "A later edition is stricter"

    class ClosedAs(models.TextChoices):
        """How a task ended."""

        SEEN = "seen", "Seen, with a note"
        REPLACED = "replaced", "A correction replaced the letter"
        RESTORED = "restored", "The evidence counts again"
        EASED = "eased", "The edition after it is not stricter"

    letter = ClinicForeignKey("letters.Letter", on_delete=models.PROTECT, related_name="tasks")
    reason = models.CharField(max_length=9, choices=Reason.choices)
    entry_kind = models.CharField(
        max_length=10, choices=[(one.value, one.value) for one in EntryKind], blank=True
    )
    entry_key = models.CharField(max_length=80)
    source_key = models.CharField(
        max_length=80, blank=True, help_text="The page that tells more of withdrawn evidence."
    )
    label = models.TextField(blank=True)
    why = models.TextField(blank=True)
    release = models.ForeignKey(Release, on_delete=models.PROTECT, related_name="+", null=True)
    edition_release = models.ForeignKey(
        EditionRelease, on_delete=models.PROTECT, related_name="letter_tasks", null=True
    )
    changes = models.JSONField(null=True, help_text="OutcomeChanges as JSON")
    opened_at = models.DateTimeField(auto_now_add=True)
    closed_as = models.CharField(max_length=8, choices=ClosedAs.choices, blank=True)
    note = EncryptedTextField("what follows from it", blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="+",
        null=True,
        blank=True,
    )

    class Meta:
        db_table = "letters_withdrawaltask"  # from when withdrawn evidence was the only reason
        ordering = ["opened_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["clinic", "letter", "reason", "entry_kind", "entry_key"],
                condition=models.Q(closed_at__isnull=True),
                name="letter_task_one_open_an_entry",
            ),
            models.CheckConstraint(condition=_task_has_its_reason(), name="letter_task_has_reason"),
            models.CheckConstraint(
                condition=models.Q(closed_at__isnull=True, closed_as="", closed_by__isnull=True)
                | models.Q(closed_at__isnull=False, closed_as__in=["replaced", "restored", "eased"])
                | (
                    models.Q(closed_at__isnull=False, closed_as="seen", closed_by__isnull=False)
                    & ~models.Q(note="")
                ),
                name="letter_task_seen_with_a_note",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.label or self.entry_key} under {self.letter_id}"
