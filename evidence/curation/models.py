"""What curators do to the evidence: changes, comments, readings, drafts of releases."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from evidence.constraints import one_of
from evidence.domain import terms
from evidence.models import Release


class EntryKind(models.TextChoices):
    """The kinds of entry."""

    SOURCE = terms.EntryKind.SOURCE.value, "Source"
    POSITION = terms.EntryKind.POSITION.value, "Guideline position"
    CAUTION = terms.EntryKind.CAUTION.value, "Caution"
    CLAIM = terms.EntryKind.CLAIM.value, "Claim"


class State(models.TextChoices):
    """Where a change is on its way."""

    DRAFT = "draft", "Draft"
    IN_REVIEW = "in_review", "In review"
    APPROVED = "approved", "Approved, waits for a release"
    PUBLISHED = "published", "Published"
    DISCARDED = "discarded", "Discarded"


OPEN = (State.DRAFT, State.IN_REVIEW, State.APPROVED)
"""The states of a change that is not yet at its end."""


class Action(models.TextChoices):
    """What a change does to its entry."""

    ADD = "add", "Adds"
    EDIT = "edit", "Changes"
    WITHDRAW = "withdraw", "Withdraws"
    RESTORE = "restore", "Takes a withdrawal back"


class Change(models.Model):
    """One change to one entry, from its first draft to its end. The rows hold the new content."""

    entry_kind = models.CharField(max_length=10, choices=EntryKind.choices)
    entry_key = models.CharField(max_length=80)
    action = models.CharField(max_length=10, choices=Action.choices)
    state = models.CharField(max_length=10, choices=State.choices, default=State.DRAFT)
    opened_at = models.DateTimeField(auto_now_add=True)
    release = models.ForeignKey(
        Release, null=True, on_delete=models.PROTECT, related_name="changes"
    )

    class Meta:
        ordering = ["-opened_at", "-pk"]
        constraints = [
            one_of("state", State.values, "change_state_known"),
            one_of("action", Action.values, "change_action_known"),
            one_of("entry_kind", EntryKind.values, "change_entry_kind_known"),
            models.UniqueConstraint(
                fields=["entry_kind", "entry_key"],
                condition=Q(state__in=[State.DRAFT, State.IN_REVIEW, State.APPROVED]),
                name="change_open_once_an_entry",
            ),
            models.CheckConstraint(
                condition=Q(state=State.PUBLISHED, release__isnull=False)
                | (~Q(state=State.PUBLISHED) & Q(release__isnull=True)),
                name="change_published_in_a_release",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_entry_kind_display()} {self.entry_key}"

    @property
    def is_open(self) -> bool:
        """Whether it is not yet published or discarded."""
        return self.state in OPEN

    @property
    def is_being_written(self) -> bool:
        """Whether its content can be written: a withdrawal has none."""
        return self.state == State.DRAFT and self.action in (Action.ADD, Action.EDIT)


class ByName(models.Model):
    """Something that one person did at one time. The database refuses to change it."""

    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        abstract = True
        ordering = ["at", "pk"]


class ChangeStep(ByName):
    """A step of a change: an edit (draft to draft) or a move, always with a reason."""

    change = models.ForeignKey(Change, on_delete=models.PROTECT, related_name="steps")
    from_state = models.CharField(max_length=10, blank=True, choices=State.choices)
    to_state = models.CharField(max_length=10, choices=State.choices)
    reason = models.TextField()

    class Meta(ByName.Meta):
        constraints = [
            one_of("from_state", State.values, "step_from_known", or_blank=True),
            one_of("to_state", State.values, "step_to_known"),
            models.CheckConstraint(condition=~Q(reason=""), name="step_has_reason"),
        ]

    def __str__(self) -> str:
        return f"{self.change}: {self.to_state}"

    @property
    def is_edit(self) -> bool:
        """Whether content was written, not just a state."""
        return self.to_state == State.DRAFT and self.from_state in ("", State.DRAFT)


class ChangeComment(ByName):
    """What somebody said about a change."""

    change = models.ForeignKey(Change, on_delete=models.PROTECT, related_name="comments")
    text = models.TextField()

    def __str__(self) -> str:
        return f"{self.change}: comment"


class Reading(ByName):
    """Why an entry counts as read further than before: what was read, by whom and when."""

    change = models.ForeignKey(Change, on_delete=models.PROTECT, related_name="readings")
    from_verified = models.CharField(max_length=20, blank=True, choices=terms.Verified.choices())
    to_verified = models.CharField(max_length=20, choices=terms.Verified.choices())
    was_read = models.TextField()

    class Meta(ByName.Meta):
        constraints = [
            models.CheckConstraint(condition=~Q(was_read=""), name="reading_says_what"),
        ]

    def __str__(self) -> str:
        return f"{self.change}: {self.to_verified}"


class ReleaseDraft(models.Model):
    """A release that was prepared, with what it would change; a second person signs it.

    sha256 and base name the content that the impact is worked out of: if either has moved on, the
    draft is out of date and cannot be signed. A worker counts the impact; until then it is None,
    and counting says how that goes. started_at, started_by: since when it counts, and for whom.
    looked_at of to_look_at cases: how far it is; moved_at: its last sign of life. run: names the
    one worker that counts; what any other one counts is not kept. problem: why it failed, or why
    the draft was given up.
    """

    class Status(models.TextChoices):
        """What became of the draft."""

        PREPARING = "preparing", "What it would change is counted"
        OPEN = "open", "Waits for a second person"
        PUBLISHED = "published", "Published"
        DROPPED = "dropped", "Dropped"

    class Counting(models.TextChoices):
        """How the counting of its impact goes."""

        WAITING = "waiting", "Waits for a worker"
        RUNNING = "running", "What it would change is counted"
        DONE = "done", "Counted"
        STOPPED = "stopped", "Stopped before everything was counted"
        FAILED = "failed", "Could not be counted"

    status = models.CharField(max_length=10, choices=Status.choices, default=Status.OPEN)
    notes = models.TextField("what changed, for clinicians")
    sha256 = models.CharField(max_length=64)
    base = models.ForeignKey(Release, null=True, on_delete=models.PROTECT, related_name="+")
    rolls_back_to = models.ForeignKey(
        Release, null=True, on_delete=models.PROTECT, related_name="+"
    )
    impact = models.JSONField(null=True)
    counting = models.CharField(max_length=8, choices=Counting.choices, default=Counting.WAITING)
    run = models.CharField(max_length=32, blank=True)
    started_at = models.DateTimeField(null=True)
    started_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    looked_at = models.PositiveIntegerField(default=0)
    to_look_at = models.PositiveIntegerField(default=0)
    moved_at = models.DateTimeField(null=True)
    problem = models.TextField(blank=True)
    prepared_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    prepared_at = models.DateTimeField(auto_now_add=True)
    signed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    signed_at = models.DateTimeField(null=True)
    release = models.OneToOneField(
        Release, null=True, on_delete=models.PROTECT, related_name="draft"
    )

    class Meta:
        ordering = ["-prepared_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["status"],
                condition=Q(status__in=["preparing", "open"]),
                name="release_draft_one_open",
            ),
            models.CheckConstraint(
                condition=Q(status__in=["preparing", "dropped"]) | Q(impact__isnull=False),
                name="release_draft_waits_with_its_impact",
            ),
            models.CheckConstraint(
                condition=Q(status="dropped")
                | Q(status__in=["open", "published"], counting="done")
                | (Q(status="preparing") & ~Q(counting="done")),
                name="release_draft_waits_when_counted",
            ),
            models.CheckConstraint(
                condition=Q(signed_by__isnull=True) | ~Q(signed_by=F("prepared_by")),
                name="release_draft_signed_by_another",
            ),
            models.CheckConstraint(
                condition=Q(status="published", signed_by__isnull=False, release__isnull=False)
                | (~Q(status="published") & Q(release__isnull=True)),
                name="release_draft_published_is_signed",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_status_display()}, prepared {self.prepared_at:%Y-%m-%d}"

    @property
    def in_words(self) -> str:
        """What became of it, and before that how its counting goes."""
        if self.status == self.Status.PREPARING:
            return self.get_counting_display()
        return self.get_status_display()

    @property
    def takes_up_changes(self) -> bool:
        """Whether it would publish what is approved now."""
        on_its_way = self.status in (self.Status.PREPARING, self.Status.OPEN)
        return on_its_way and self.rolls_back_to_id is None

    @property
    def is_being_counted(self) -> bool:
        """Whether a worker counts its impact, or will."""
        at_work = (self.Counting.WAITING, self.Counting.RUNNING)
        return self.status == self.Status.PREPARING and self.counting in at_work


class ImportFile(models.Model):
    """A file of references that one person uploaded, kept until its import is finished.

    mapping: the field of each column of a table, where the person changed what was guessed.
    keys: the sources that it became. abstracts: by key, what the file had of them; it is shown to
    curators and goes no further.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    name = models.CharField(max_length=120)
    content = models.BinaryField(null=True)
    sha256 = models.CharField(max_length=64)
    mapping = models.JSONField(default=list, blank=True)
    keys = models.JSONField(default=list, blank=True)
    abstracts = models.JSONField(default=dict, blank=True)
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    uploaded_at = models.DateTimeField(auto_now_add=True)
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = "import of references"
        verbose_name_plural = "imports of references"
        ordering = ["-uploaded_at"]
        constraints = [
            models.CheckConstraint(
                condition=Q(finished_at__isnull=True, content__isnull=False)
                | Q(finished_at__isnull=False, content__isnull=True),
                name="import_keeps_its_file_until_finished",
            ),
        ]

    def __str__(self) -> str:
        return self.name
