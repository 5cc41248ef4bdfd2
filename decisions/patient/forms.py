"""The form of a correction to who a case is about."""

from __future__ import annotations

from typing import Any

from django import forms

from decisions.cases.forms import PatientForm
from decisions.cases.models import Case
from decisions.cases.patients import Details, details_of
from decisions.patient.models import PatientNeeds
from decisions.rules.logic.values import sha256_of
from kapnet.core.web.plain_forms import PlainTextForm


def fingerprint_of(details: Details) -> str:
    """Differs when any of the details does."""
    return sha256_of([str(one or "") for one in details])


class CorrectionForm(PatientForm):
    """The right details, and why they differ.

    seen: of the details that the page showed. looked_at: of those whose effects it showed.
    """

    reason = forms.CharField(
        label="Why it is corrected",
        max_length=200,
        help_text="Such as: misheard on the phone; initials replaced by the full name.",
        error_messages={"required": "Write why it is corrected"},
    )
    seen = forms.CharField(widget=forms.HiddenInput, required=False)
    looked_at = forms.CharField(widget=forms.HiddenInput, required=False)

    class Meta(PatientForm.Meta):
        model = Case

    def __init__(self, *args: Any, case: Case, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.case = case
        born = case.date_of_birth
        self.initial = {
            "patient_name": case.patient_name,
            "reference": case.reference,
            "seen": fingerprint_of(details_of(case)),
            **(
                {"birth_month": born.month, "birth_day": born.day, "birth_year": born.year}
                if born
                else {}
            ),
        }

    def clean(self) -> dict[str, Any]:
        """Something has to differ."""
        data = super().clean()
        if not self.errors and self.details_in(data) == details_of(self.case):
            self.add_error(None, "Nothing differs from what is kept")
        return data

    @property
    def is_of_what_stands(self) -> bool:
        """Whether nobody corrected the patient since the page was shown."""
        return bool(self.cleaned_data["seen"] == fingerprint_of(details_of(self.case)))

    @property
    def was_looked_at(self) -> bool:
        """Whether the page showed what exactly this correction does."""
        return bool(self.cleaned_data["looked_at"] == fingerprint_of(self.details))


class NeedsForm(PlainTextForm, forms.ModelForm):  # type: ignore[type-arg]
    """How to speak with the patient. Nothing is required."""

    interpreter = forms.ChoiceField(
        label="Is an interpreter needed?",
        choices=[*PatientNeeds.Interpreter.choices, ("", "Not asked yet")],
        required=False,
        widget=forms.RadioSelect,
    )

    class Meta:
        model = PatientNeeds
        fields = ("preferred_name", "language", "interpreter")
        labels = {"preferred_name": "Name they want to be called by"}
        help_texts = {
            "preferred_name": "Where it differs from the name above.",
            "language": "In which they want to speak, such as Spanish.",
        }
