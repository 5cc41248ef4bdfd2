"""The forms of courses, of what went wrong, and of the end of follow-up."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django import forms
from django.utils import timezone

from decisions.cases.models import Case, Decision
from decisions.follow_up.courses.models import AdverseEvent, Course, FollowUpEnd
from kapnet.core.web.day_fields import DayField
from kapnet.core.web.days import say_day_of
from kapnet.core.web.plain_forms import PlainTextForm

MOST_SESSIONS = 400
EARLIEST = date(1900, 1, 1)
OTHER = "other"
BEGUN = (Course.State.RUNNING, Course.State.COMPLETED, Course.State.STOPPED)
ENDED = (Course.State.COMPLETED, Course.State.STOPPED)
WITH_A_REASON = (Course.State.STOPPED, Course.State.NOT_STARTED)


class WhichDecision(forms.ModelChoiceField):  # type: ignore[type-arg]
    """A recorded decision by its number and day."""

    def label_from_instance(self, obj: Decision) -> str:
        """Decision 2, 3 January 2026."""
        return f"Decision {obj.number}, {say_day_of(obj.recorded_at)}"


class CourseForm(PlainTextForm, forms.ModelForm):  # type: ignore[type-arg]
    """A course of treatment. version: of the one that the page showed; 0 for a new one."""

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0, required=False)
    decision = WhichDecision(
        queryset=Decision.objects.none(),
        required=False,
        label="Which decision does it follow?",
        empty_label="None of them",
    )

    class Meta:
        model = Course
        fields = (
            *("option", "decision", "given_as", "state", "first_session_on", "last_session_on"),
            *("sessions", "why", "note"),
        )
        field_classes = dict.fromkeys(("first_session_on", "last_session_on"), DayField)
        widgets = {
            "option": forms.RadioSelect,
            "state": forms.RadioSelect,
            "note": forms.Textarea(attrs={"rows": 3}),
        }
        labels = {"option": "What is it?", "state": "How far is it?"}
        help_texts = {
            "given_as": "Such as: nasal spray, infusion, figure-of-eight coil.",
            "why": "Only for a course that was stopped early or never begun.",
        }

    def __init__(self, *args: Any, case: Case, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.case = case
        decision: Any = self.fields["decision"]
        decision.queryset = Decision.objects.filter(case=case).order_by("-number")
        for name, choices in (
            ("option", Course.Option.choices),
            ("state", Course.State.choices),
            ("why", [("", "It was neither"), *Course.Why.choices]),
        ):
            field: Any = self.fields[name]
            field.choices = choices
        self.fields["option"].error_messages["required"] = "Choose what it is"
        self.fields["state"].error_messages["required"] = "Choose how far it is"
        self.fields["sessions"].widget.attrs["inputmode"] = "numeric"

    def clean(self) -> dict[str, Any]:
        """What each state needs, and days that can be."""
        values = super().clean()
        state = values.get("state")
        if state in BEGUN and not values.get("first_session_on"):
            self._say("first_session_on", "Enter the day of the first session")
        if state and state not in BEGUN:
            self._refuse_days(values)
        if state in ENDED and not values.get("last_session_on"):
            self._say("last_session_on", "Enter the day of the last session")
        if state in WITH_A_REASON and not values.get("why"):
            self._say("why", "Choose why it was stopped or never begun")
        if state and state not in WITH_A_REASON and values.get("why"):
            self._say("why", "Leave this open: the course was not stopped early")
        self._check_days(values)
        if (values.get("sessions") or 0) > MOST_SESSIONS:
            self._say("sessions", f"Enter a number up to {MOST_SESSIONS}")
        return values

    def _refuse_days(self, values: Mapping[str, Any]) -> None:
        for name in ("first_session_on", "last_session_on"):
            if values.get(name):
                self._say(name, "Leave this open: the course has not begun")

    def _check_days(self, values: Mapping[str, Any]) -> None:
        first, last = values.get("first_session_on"), values.get("last_session_on")
        for name, day in (("first_session_on", first), ("last_session_on", last)):
            if day and (problem := problem_of_day(day, self.case)):
                self._say(name, problem)
        decision = values.get("decision")
        if first and decision and timezone.localdate(decision.recorded_at) > first:
            self._say("decision", "Recorded after the first session: choose another, or none")
        if first and last and last < first:
            self._say("last_session_on", "The last session cannot be before the first")

    def _say(self, name: str, sentence: str) -> None:
        if name not in self.errors:
            self.add_error(name, sentence)

    def _post_clean(self) -> None:
        """The values go to the action: the course itself stays as it is stored."""

    @property
    def values(self) -> dict[str, Any]:
        """What was filled in, by field of the model."""
        return {name: self.cleaned_data[name] for name in self.Meta.fields}


def problem_of_day(day: date, case: Case) -> str:
    """Why nothing can have happened on a day; empty where it can."""
    if day > timezone.localdate():
        return "This day is still to come"
    if day < EARLIEST:
        return "This day is too long ago: check the year"
    if case.date_of_birth and day < case.date_of_birth:
        return "This day is before the patient’s birth"
    return ""


class EventForm(PlainTextForm, forms.ModelForm):  # type: ignore[type-arg]
    """Something that went wrong. kinds: the list of the edition."""

    kind = forms.ChoiceField(
        label="What happened?",
        widget=forms.RadioSelect,
        error_messages={"required": "Choose what happened"},
    )

    class Meta:
        model = AdverseEvent
        fields = ("kind", "happened_on", "is_serious", "text")
        field_classes = {"happened_on": DayField}
        widgets = {"text": forms.Textarea(attrs={"rows": 3})}
        labels = {
            "is_serious": "It was serious: death, danger to life, a stay in a hospital, or lasting "
            "harm",
        }

    def __init__(self, *args: Any, case: Case, kinds: Mapping[str, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.case = case
        kind: Any = self.fields["kind"]
        kind.choices = [*kinds.items(), (OTHER, "Something else")]
        self.fields["happened_on"].error_messages["required"] = "Enter the day"

    def clean(self) -> dict[str, Any]:
        """Something else is written down."""
        values = super().clean()
        if values.get("kind") == OTHER and not values.get("text", "").strip():
            self.add_error("text", "Write what happened")
        day = values.get("happened_on")
        if day and (problem := problem_of_day(day, self.case)):
            self.add_error("happened_on", problem)
        return values

    def _post_clean(self) -> None:
        """The values go to the action."""


class EndForm(PlainTextForm, forms.ModelForm):  # type: ignore[type-arg]
    """Why nobody asks this patient any more."""

    class Meta:
        model = FollowUpEnd
        fields = ("kind", "ended_on")
        field_classes = {"ended_on": DayField}
        widgets = {"kind": forms.RadioSelect}
        labels = {"kind": "Why does it end?", "ended_on": "On which day?"}

    def __init__(self, *args: Any, case: Case, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.case = case
        kind: Any = self.fields["kind"]
        kind.choices = FollowUpEnd.Kind.choices
        self.fields["kind"].error_messages["required"] = "Choose why it ends"
        self.fields["ended_on"].error_messages["required"] = "Enter the day"

    def clean(self) -> dict[str, Any]:
        """A day that can be."""
        values = super().clean()
        day = values.get("ended_on")
        if day and (problem := problem_of_day(day, self.case)):
            self.add_error("ended_on", problem)
        return values

    def _post_clean(self) -> None:
        """The values go to the action."""


class BecauseForm(PlainTextForm, forms.Form):
    """Why something counts for nothing."""

    because = forms.CharField(
        label="Why?",
        max_length=200,
        help_text="Such as: entered for another patient.",
        error_messages={"required": "Write why"},
    )
    named = ("because",)
