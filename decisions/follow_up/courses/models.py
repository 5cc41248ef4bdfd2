"""What was given to a patient, what went wrong with it, and which forms are asked for."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from decisions.cases.models import Case, Decision
from decisions.follow_up.assessments.models import Instrument, Voidable, voided_as_a_whole
from decisions.letters.models import Letter
from kapnet.core.encryption.fields import EncryptedCharField, EncryptedTextField
from kapnet.core.people.models import Clinic
from kapnet.core.people.of_a_clinic import ClinicForeignKey, OfAClinic


class Course(OfAClinic):
    """A course of treatment that was planned or given. version counts its changes.

    first_session_noted_at: when a first session was first written down: a form of that day which is
    older than this is from before treatment.
    """

    class Option(models.TextChoices):
        """What was given."""

        KETAMINE = "ketamine", "Ketamine"
        REPEAT_TMS = "repeat_tms", "TMS"
        BOTH = "both", "Ketamine and TMS together"
        OTHER = "other", "Something else"

    class State(models.TextChoices):
        """How far it came."""

        PLANNED = "planned", "Planned"
        RUNNING = "running", "Under way"
        COMPLETED = "completed", "Completed"
        STOPPED = "stopped", "Stopped early"
        NOT_STARTED = "not_started", "Never begun"

    class Why(models.TextChoices):
        """Why it was stopped, or never begun."""

        DECLINED_BY_PATIENT = "declined_by_patient", "The patient did not want it"
        NOT_COVERED = "not_covered", "Not covered, or too expensive"
        PROVIDER_DECLINED = "provider_declined", "The provider declined"
        SIDE_EFFECTS = "side_effects", "Side effects"
        NO_BENEFIT = "no_benefit", "It did not help"
        MOVED = "moved", "The patient moved away"
        OTHER = "other", "Another reason"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    clinic = models.ForeignKey(Clinic, on_delete=models.PROTECT, related_name="+")
    case = ClinicForeignKey(Case, on_delete=models.PROTECT, related_name="courses")
    decision = ClinicForeignKey(
        Decision, on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )
    letter = ClinicForeignKey(
        Letter, on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )
    option = models.CharField("what", max_length=10, choices=Option.choices)
    given_as = EncryptedCharField("route or device", max_length=120, blank=True)
    state = models.CharField("how far it is", max_length=11, choices=State.choices)
    first_session_on = models.DateField("first session", null=True, blank=True)
    first_session_noted_at = models.DateTimeField(null=True, editable=False)
    last_session_on = models.DateField("last session", null=True, blank=True)
    sessions = models.PositiveSmallIntegerField("sessions so far", null=True, blank=True)
    why = models.CharField(
        "why it was stopped or never begun", max_length=20, choices=Why.choices, blank=True
    )
    note = EncryptedTextField(max_length=1000, blank=True)
    version = models.PositiveIntegerField(default=1)
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    saved_at = models.DateTimeField()
    saved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        ordering = [F("first_session_on").asc(nulls_last=True), "made_at", "pk"]
        indexes = [
            models.Index(fields=["clinic", "option", "first_session_on"], name="course_by_start"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["clinic", "case", "option"],
                condition=Q(state="running"),
                name="course_one_running_an_option",
            ),
            models.CheckConstraint(
                condition=Q(first_session_on__isnull=False, first_session_noted_at__isnull=False)
                | Q(
                    state__in=["planned", "not_started"],
                    first_session_on__isnull=True,
                    last_session_on__isnull=True,
                ),
                name="course_begun_has_a_first_session",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["running", "completed", "stopped"])
                | Q(first_session_on__isnull=True),
                name="course_with_a_first_session_began",
            ),
            models.CheckConstraint(
                condition=Q(last_session_on__isnull=True)
                | Q(last_session_on__gte=F("first_session_on")),
                name="course_ends_after_it_begins",
            ),
            models.CheckConstraint(
                condition=(Q(state__in=["stopped", "not_started"]) & ~Q(why=""))
                | (~Q(state__in=["stopped", "not_started"]) & Q(why="")),
                name="course_stopped_for_a_reason",
            ),
            models.CheckConstraint(condition=Q(version__gte=1), name="course_version_counts"),
        ]

    def __str__(self) -> str:
        return f"{self.get_option_display()} of {self.case_id}"


class AdverseEvent(Voidable):
    """Something bad that happened during or after a course. kind: of the list of the edition."""

    clinic = models.ForeignKey(Clinic, on_delete=models.PROTECT, related_name="+")
    course = ClinicForeignKey(Course, on_delete=models.PROTECT, related_name="events")
    happened_on = models.DateField("day")
    kind = models.CharField("what happened", max_length=40)
    is_serious = models.BooleanField("serious", default=False)
    text = EncryptedTextField("in your words", max_length=1000, blank=True)
    noted_at = models.DateTimeField()
    noted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        ordering = ["happened_on", "pk"]
        constraints = [
            models.CheckConstraint(condition=~Q(kind=""), name="event_is_of_a_kind"),
            voided_as_a_whole("adverse_event_voided_for_a_reason"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} of {self.course_id}"


class FollowUpEnd(Voidable):
    """Nobody asks this patient again from here on. One a case."""

    class Kind(models.TextChoices):
        """Why."""

        DIED = "died", "The patient died"
        MOVED = "moved", "The patient moved away"
        WITHDREW = "withdrew", "The patient does not want to be asked"
        DISCHARGED = "discharged", "Care ended here"

    clinic = models.ForeignKey(Clinic, on_delete=models.PROTECT, related_name="+")
    case = ClinicForeignKey(Case, on_delete=models.PROTECT, related_name="follow_up_ends")
    ended_on = models.DateField("day")
    kind = models.CharField("why", max_length=10, choices=Kind.choices)
    noted_at = models.DateTimeField()
    noted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["clinic", "case"],
                condition=Q(voided_at=None),
                name="follow_up_ends_once_a_case",
            ),
            voided_as_a_whole("follow_up_end_voided_for_a_reason"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}, {self.case_id}"


class DueForm(OfAClinic):
    """A form that is asked for around a fixed day of a course."""

    class State(models.TextChoices):
        """Whether it came in."""

        OPEN = "open", "Asked for"
        DONE = "done", "Filled in"
        MISSED = "missed", "Not filled in"
        CANCELLED = "cancelled", "Not asked for any more"

    clinic = models.ForeignKey(Clinic, on_delete=models.PROTECT, related_name="+")
    course = ClinicForeignKey(Course, on_delete=models.PROTECT, related_name="due_forms")
    instrument = models.CharField(max_length=8, choices=Instrument.choices)
    target_on = models.DateField()
    from_on = models.DateField()
    to_on = models.DateField(help_text="The last day, included.")
    state = models.CharField(max_length=9, choices=State.choices, default=State.OPEN)
    reminded_at = models.JSONField(default=list, blank=True)

    class Meta:
        ordering = ["target_on", "pk"]
        indexes = [
            models.Index(
                fields=["clinic", "to_on"], condition=Q(state="open"), name="due_form_open"
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["clinic", "course", "instrument", "target_on"], name="due_form_once"
            ),
            models.CheckConstraint(
                condition=Q(from_on__lte=F("target_on"), to_on__gte=F("target_on")),
                name="due_form_around_its_day",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_instrument_display()} of {self.course_id}, {self.target_on}"
