"""The forms of the desk: filters, a step, a plan, a note."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django import forms
from django.utils import timezone

from decisions.desk.models import Delivery, Route, Status
from decisions.desk.queries import NOBODY, Filters
from decisions.desk.steps import NEXT
from kapnet.core.people.models import User
from kapnet.core.web.day_fields import DayField, MomentField
from kapnet.core.web.plain_forms import PlainTextForm

NOT_YET = "Open letters"
NOT_AMONG_THEM = "Select a valid choice. That choice is not one of the available choices."


class FilterForm(forms.Form):
    """What the queue shows; a field with a mistake in it asks nothing."""

    q = forms.CharField(
        label="Name, letter number or recipient",
        required=False,
        max_length=100,
    )
    status = forms.ChoiceField(required=False, choices=[("", NOT_YET), *Status.choices])
    assigned_to = forms.ChoiceField(label="Given to", required=False)
    overdue = forms.BooleanField(label="Overdue only", required=False)
    replied = forms.BooleanField(label="With a reply to confirm", required=False)

    def __init__(self, *args: Any, people: list[User], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        named = [(str(one.pk), one.name or one.email) for one in people]
        self.fields["assigned_to"].choices = [("", "Anybody"), (NOBODY, "Nobody yet"), *named]  # type: ignore[attr-defined]

    def filters(self) -> Filters:
        """What is asked for."""
        self.is_valid()
        asked = self.cleaned_data
        return Filters(
            words=asked.get("q", ""),
            status=asked.get("status", ""),
            assigned_to=asked.get("assigned_to", ""),
            is_overdue=bool(asked.get("overdue")),
            has_reply=bool(asked.get("replied")),
        )


class StepForm(PlainTextForm, forms.Form):
    """The next step of one letter."""

    seen_version = forms.IntegerField(widget=forms.HiddenInput)
    status = forms.ChoiceField(
        label="What happened",
        widget=forms.RadioSelect,
        error_messages={"required": "Choose what happened"},
    )
    how = forms.ChoiceField(
        label="How it was sent", required=False, choices=[("", "Not sent now"), *Route.choices]
    )
    happened_at = MomentField(
        label="When",
        required=False,
        help_text="Left open: now.",
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        error_messages={"invalid": "Enter a day and a time, such as 23 November 2026, 14:31"},
    )
    proof = forms.CharField(
        label="What shows it",
        required=False,
        max_length=200,
        help_text="Such as the number of the fax report. No name of a patient.",
    )
    due_on = DayField(
        label="Next due on",
        required=False,
        help_text="Left open: worked out from the letter. For an appointment, its day.",
    )
    note = forms.CharField(
        required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 2})
    )

    def __init__(self, data: Any = None, *, delivery: Delivery) -> None:
        super().__init__(data, initial={"seen_version": delivery.version})
        self.fields["status"].choices = [(one.value, one.label) for one in NEXT[delivery.status]]  # type: ignore[attr-defined]

    def clean_happened_at(self) -> datetime | None:
        """Never later than now."""
        moment: datetime | None = self.cleaned_data["happened_at"]
        if moment and moment > timezone.now():
            raise forms.ValidationError("That time has not come yet")
        return moment

    def clean(self) -> dict[str, Any]:
        """A letter that was sent was sent somehow."""
        cleaned = super().clean() or {}
        if cleaned.get("status") == Status.SENT and not cleaned.get("how"):
            self.add_error("how", "Say how it was sent")
        return cleaned


class PlanForm(forms.Form):
    """Who sees to a letter, and by when."""

    seen_version = forms.IntegerField(widget=forms.HiddenInput)
    assigned_to = forms.ChoiceField(
        label="Given to",
        required=False,
        error_messages={"invalid_choice": NOT_AMONG_THEM},
    )
    due_on = DayField(label="Due on", required=False)

    def __init__(self, data: Any = None, *, delivery: Delivery, people: list[User]) -> None:
        initial = {
            "seen_version": delivery.version,
            "assigned_to": delivery.assigned_to_id,
            "due_on": delivery.due_on,
        }
        super().__init__(data, initial=initial, auto_id="plan_%s")
        self._people = {str(one.pk): one for one in people}
        named = [(key, str(one)) for key, one in self._people.items()]
        self.fields["assigned_to"].choices = [("", "Nobody yet"), *named]  # type: ignore[attr-defined]

    def clean_assigned_to(self) -> User | None:
        """The person; None for nobody."""
        return self._people.get(self.cleaned_data["assigned_to"])


class NoteForm(PlainTextForm, forms.Form):
    """A note, or the reason of a correction."""

    seen_version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    note = forms.CharField(
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": "Write something first"},
    )
