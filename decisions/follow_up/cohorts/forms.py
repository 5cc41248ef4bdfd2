"""What is counted, and why somebody takes the rows along."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils import timezone

from decisions.follow_up.courses.models import Course
from kapnet.core.web.day_fields import DayField


class PeriodForm(forms.Form):
    """The option and the first sessions that are counted."""

    option = forms.ChoiceField(
        label="What was given?",
        choices=Course.Option.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose what was given"},
    )
    first = DayField(
        label="First sessions from",
        error_messages={"required": "Enter the first day"},
    )
    last = DayField(label="to", error_messages={"required": "Enter the last day"})

    def clean(self) -> dict[str, Any]:
        """A period that has begun."""
        values = super().clean() or self.cleaned_data
        first, last = values.get("first"), values.get("last")
        if first and first > timezone.localdate():
            self.add_error("first", "This day is still to come")
        if first and last and last < first:
            self.add_error("last", "The last day cannot be before the first")
        return values


class WhyForm(forms.Form):
    """Why somebody takes the rows along; it goes into the audit log."""

    WHYS = (
        ("check", "To count again, and check this report"),
        ("quality", "To improve care in this clinic"),
        ("research", "For research that was approved"),
    )
    because = forms.ChoiceField(
        label="Why do you take the rows along?",
        choices=WHYS,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose why"},
    )
