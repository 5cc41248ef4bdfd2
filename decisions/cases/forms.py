"""The forms beside the questions: new case, safety task, decision."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.utils import timezone

from decisions.cases.contradictions import age_on
from decisions.cases.models import Case, Decision
from decisions.cases.patients import Details
from kapnet.core.web.plain_forms import PlainTextForm

OLDEST_YEARS = 120
"""The highest age that the questionnaire takes."""
LONGEST_REASONING = 8000


class PatientForm(PlainTextForm, forms.ModelForm):  # type: ignore[type-arg]
    """Name or initials, and date of birth in three fields, which every browser can fill in."""

    named = ("patient_name",)
    birth_month = forms.CharField(label="Month", max_length=2, required=False)
    birth_day = forms.CharField(label="Day", max_length=2, required=False)
    birth_year = forms.CharField(label="Year", max_length=4, required=False)

    class Meta:
        model = Case
        fields = ("patient_name", "reference")
        error_messages = {"patient_name": {"required": "Enter the patient's name or initials"}}

    def clean(self) -> dict[str, Any]:
        """Adds `date_of_birth`: a date, or None when all three fields are empty."""
        data = super().clean()
        parts = [data.get(f"birth_{part}", "") for part in ("year", "month", "day")]
        data["date_of_birth"] = self._date_of_birth(parts) if any(parts) else None
        return data

    def _date_of_birth(self, parts: list[str]) -> date | None:
        try:
            born = date(*(int(part) for part in parts))
        except ValueError:
            self.add_error("birth_month", "Enter a real date of birth, such as 3 27 1984")
            return None
        today = timezone.localdate()
        if born > today:
            self.add_error("birth_month", "The date of birth must be in the past")
        elif age_on(born, today) > OLDEST_YEARS:
            self.add_error("birth_month", "Check the year of birth: the age is above 120")
        return born

    @property
    def details(self) -> Details:
        """What was filled in, as one value."""
        return self.details_in(self.cleaned_data)

    @staticmethod
    def details_in(data: dict[str, Any]) -> Details:
        """The same of cleaned data."""
        return Details(data["patient_name"], data["date_of_birth"], data["reference"])


class NewCaseForm(PatientForm):
    """A patient, and whether it is another one than those who look the same."""

    another_patient = forms.BooleanField(label="This is another patient", required=False)


STATED = ("safety_plan", "means_safety")
"""What letters print of a safety task, by the name of the fact."""


def _yes_no(label: str) -> forms.ChoiceField:
    choices = [("yes", "Yes"), ("no", "No"), ("not_known", "Not known")]
    return forms.ChoiceField(label=label, choices=choices, required=False, widget=forms.RadioSelect)


class SafetyForm(PlainTextForm, forms.Form):
    """How risk was assessed and what was agreed; both are required to close a safety task.

    item9: the highest answer that the page showed.
    """

    item9 = forms.IntegerField(
        widget=forms.HiddenInput,
        error_messages={"required": "Look at what was answered, then record again"},
    )

    assessment = forms.CharField(
        max_length=LONGEST_REASONING,
        error_messages={"required": "Write how risk was assessed"},
        widget=forms.Textarea,
    )
    agreed = forms.CharField(
        max_length=LONGEST_REASONING,
        error_messages={"required": "Write what was agreed"},
        widget=forms.Textarea,
    )
    safety_plan = _yes_no("Is there a safety plan?")
    means_safety = _yes_no("Was means safety discussed?")

    @property
    def stated(self) -> dict[str, str]:
        """What letters print of it, as far as it was said."""
        return {name: self.cleaned_data[name] for name in STATED if self.cleaned_data[name]}

    @property
    def closing(self) -> dict[str, Any]:
        """What the task is closed with."""
        rest = {name: said for name, said in self.cleaned_data.items() if name not in STATED}
        return {**rest, "stated": self.stated}


class DecisionForm(PlainTextForm, forms.Form):
    """What goes forward, and the clinician's own reasoning. Nothing is chosen beforehand."""

    chosen = forms.ChoiceField(
        choices=Decision.Chosen.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose what goes forward, or none of these now"},
    )
    reasoning = forms.CharField(
        max_length=LONGEST_REASONING,
        widget=forms.Textarea,
        error_messages={"required": "Write your own reasoning"},
    )
    fingerprint = forms.CharField(max_length=64, widget=forms.HiddenInput)
