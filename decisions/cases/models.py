"""A case: one patient's answers, what was decided, and what waits for a clinician."""

from __future__ import annotations

import uuid
from typing import Any

from django.conf import settings
from django.db import models
from django.utils import timezone

from decisions.cases.safety.models import SafetyTask
from kapnet.core.encryption.blind_index import BlindIndexField, write_mirror
from kapnet.core.encryption.fields import EncryptedCharField, EncryptedDateField, EncryptedTextField
from kapnet.core.people.models import Clinic
from kapnet.core.people.of_a_clinic import ClinicForeignKey, OfAClinic
from kapnet.core.web.once import OnceField, once_a_form

__all__ = [
    "Answer",
    "Case",
    "Decision",
    "EditionMove",
    "EditionRelease",
    "NameDigest",
    "SafetyTask",
    "Urgency",
]


class Urgency(models.IntegerChoices):
    """What comes first in a list of cases; the highest comes first."""

    NONE = 0, "Nothing comes first"
    NOT_WEIGHED = 1, "Begun before this was kept, and not looked at since"
    ACT_FIRST = 2, "A rule says: act first"
    OPEN_SAFETY_TASK = 3, "A safety task is open"


class Case(OfAClinic):
    """One patient whose depression has come back, as one clinic knows them."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    clinic = models.ForeignKey(Clinic, on_delete=models.PROTECT, related_name="cases")
    therapist = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="cases"
    )
    number = models.PositiveIntegerField(help_text="Counts within the clinic, from 1.")
    patient_name = EncryptedCharField("name or initials", max_length=120)
    date_of_birth = EncryptedDateField(null=True, blank=True)
    reference = EncryptedCharField("your reference", max_length=60, blank=True)
    patient_index = BlindIndexField(of=("patient_name", "reference"), mirror="name_digests")
    edition = models.CharField(max_length=20)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    last_change = models.DateTimeField(
        default=timezone.now,
        editable=False,
        help_text="When an answer was saved or a decision recorded last.",
    )
    urgency = models.PositiveSmallIntegerField(
        choices=Urgency.choices, default=Urgency.NONE, editable=False
    )
    closed_at = models.DateTimeField(null=True, editable=False)
    copied_from = ClinicForeignKey(
        "self", on_delete=models.PROTECT, related_name="copies", null=True, editable=False
    )
    once = OnceField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["clinic", "number"], name="case_number_unique"),
            once_a_form("case_once_a_form"),
        ]
        indexes = [
            models.Index(
                fields=["clinic", "-urgency", "-last_change", "-number"], name="case_work_list"
            ),
            models.Index(
                fields=["therapist", "-urgency", "-last_change", "-number"], name="case_own_list"
            ),
        ]

    def __str__(self) -> str:
        return f"Case {self.number:04d}"

    @property
    def has_open_safety_task(self) -> bool:
        """As it is stored, without a query."""
        return self.urgency == Urgency.OPEN_SAFETY_TASK

    def save(self, *args: Any, **kwargs: Any) -> None:
        """With the table by which the case is found, wherever its index was written."""
        super().save(*args, **kwargs)
        named = kwargs.get("update_fields")
        if named is None or "patient_index" in named:
            write_mirror(self, "patient_index")


class NameDigest(OfAClinic):
    """One digest of `patient_index` as a row of its own, which the database finds by an index."""

    clinic = models.ForeignKey(
        Clinic, on_delete=models.CASCADE, related_name="+", db_index=False, editable=False
    )
    case = ClinicForeignKey(Case, on_delete=models.CASCADE, related_name="name_digests")
    digest = models.CharField(max_length=16)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["clinic", "digest", "case"], name="name_digest_once_a_case"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.digest} of {self.case_id}"


class Answer(OfAClinic):
    """The present answer to one question, as JSON of the decide contract ("unknown" included).

    A cleared answer stays as a row without value, so that its version never starts again.
    """

    case = ClinicForeignKey(Case, on_delete=models.CASCADE, related_name="answers")
    question = models.CharField(max_length=60)
    value = models.JSONField(null=True)
    edition = models.CharField(max_length=20, help_text="By which it was asked.")
    assessed_on = models.DateField()
    version = models.PositiveIntegerField(default=1)
    saved_at = models.DateTimeField()
    saved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["clinic", "case", "question"], name="answer_once_a_question"
            ),
            models.CheckConstraint(
                condition=models.Q(version__gte=1), name="answer_version_counts"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.question} of {self.case_id}"


class EditionRelease(models.Model):
    """An edition that was proved and released, and how far earlier decisions were evaluated by it.

    Edition, hashes, evidence and day are written once. evaluated, stricter, drafts and tasks count
    decisions that were looked at, those that it judges more strictly, and what rests on these.
    """

    edition = models.CharField(max_length=20, unique=True)
    edition_sha256 = models.CharField(max_length=64)
    words_sha256 = models.CharField(max_length=64)
    evidence_release = models.CharField(max_length=40)
    evidence_sha256 = models.CharField(max_length=64)
    released_at = models.DateTimeField()
    released_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    evaluated = models.PositiveIntegerField(default=0)
    not_read = models.PositiveIntegerField(
        default=0, help_text="Decisions of an edition that this program does not have."
    )
    stricter = models.PositiveIntegerField(default=0)
    drafts = models.PositiveIntegerField(default=0)
    tasks = models.PositiveIntegerField(default=0)
    last_decision = models.UUIDField(null=True, help_text="The last one that was looked at.")
    evaluated_at = models.DateTimeField(null=True, help_text="When all had been looked at.")

    class Meta:
        ordering = ["-released_at"]

    def __str__(self) -> str:
        return f"Edition {self.edition}"


class EditionMove(OfAClinic):
    """A case was moved to a later edition. Written once, by the person who moved it."""

    case = ClinicForeignKey(Case, on_delete=models.PROTECT, related_name="edition_moves")
    from_edition = models.CharField(max_length=20)
    to_edition = models.CharField(max_length=20)
    moved_at = models.DateTimeField()
    moved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["clinic", "case", "to_edition"], name="case_moved_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.case_id} from {self.from_edition} to {self.to_edition}"


class Decision(OfAClinic):
    """An outcome as it was recorded: whole, unchangeable, never computed again."""

    class Chosen(models.TextChoices):
        """What the clinician takes forward."""

        KETAMINE = "ketamine", "Ketamine"
        REPEAT_TMS = "repeat_tms", "Repeat TMS"
        BOTH = "both", "Both at once"
        NONE_NOW = "none_now", "None of these now"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = ClinicForeignKey(Case, on_delete=models.PROTECT, related_name="decisions")
    number = models.PositiveIntegerField(help_text="Counts within the case, from 1.")
    edition = models.CharField(max_length=20)
    edition_sha256 = models.CharField(max_length=64)
    # Nullable: SQLite would build the table again, and lose the triggers that guard decisions.
    words_sha256 = models.CharField(  # noqa: DJ001
        max_length=64,
        null=True,
        editable=False,
        help_text="Hash of the words of the edition; null where it was not recorded.",
    )
    evidence_release = models.CharField(max_length=40)
    evidence_sha256 = models.CharField(max_length=64)
    answers = models.JSONField(help_text="question id: {value, assessed_on}")
    answers_in_words = models.JSONField(help_text="list of AnswerInWords")
    outcome = models.JSONField(help_text="Outcome as JSON")
    cited = models.JSONField(help_text="sources and positions as they were: {sources, positions}")
    questioned = models.JSONField(
        null=True, help_text="Questioned as JSON; null where it was not recorded"
    )
    chosen = models.CharField(max_length=12, choices=Chosen.choices)
    reasoning = EncryptedTextField("your own reasoning")
    recorded_at = models.DateTimeField()
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["clinic", "case", "number"], name="decision_number_unique"
            ),
        ]

    def __str__(self) -> str:
        return f"Decision {self.number} of {self.case_id}"
