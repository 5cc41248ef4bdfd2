"""The forms of consents."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils import timezone

from decisions.consents.models import Consent, SubstanceSource
from kapnet.core.web.day_fields import DayField
from kapnet.core.web.plain_forms import PlainTextForm

DAYS = ("signed_on", "expires_on")
REQUIRED = {
    "kind": "Choose under which rule it was signed",
    "reference": "Enter the number of the paper, or where it is kept",
    "purpose": "Enter the purpose that the paper names",
    "scope": "Enter what may be shared, as the paper says it",
    "signed_by": "Enter who signed: the patient, or who else and by what authority",
    "signed_on": "Enter the day of the signature",
}


class ConsentForm(PlainTextForm, forms.ModelForm):  # type: ignore[type-arg]
    """A signed paper. It needs all that its rule asks of it."""

    has_statements = forms.BooleanField(
        label="The paper says how to revoke it, what refusing means, and that what is shared may "
        "be shared again",
        error_messages={"required": "A paper without these statements permits nothing"},
    )

    class Meta:
        model = Consent
        fields = (
            *("kind", "reference", "recipient", "for_all_who_treat", "purpose", "scope"),
            *("covers_substance_use", "signed_by", "signed_on", "expires_on", "expires_with"),
        )
        field_classes = dict.fromkeys(DAYS, DayField)
        widgets = {"kind": forms.RadioSelect, "scope": forms.Textarea(attrs={"rows": 3})}
        help_texts = {
            "recipient": "As the letter will name them: the organization or the person.",
            "signed_by": "Such as: the patient; or the legal guardian, by court order.",
            "expires_with": "Such as: the end of treatment.",
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, sentence in REQUIRED.items():
            self.fields[name].error_messages["required"] = sentence
        kind: Any = self.fields["kind"]
        kind.choices = Consent.Kind.choices

    def clean(self) -> dict[str, Any]:
        """Who receives it, and when it ends, each said in one of two ways."""
        values = super().clean() or self.cleaned_data
        if not (values.get("recipient") or values.get("for_all_who_treat")):
            self.add_error("recipient", "Enter who may receive it, or tick all who treat")
        if values.get("recipient") and values.get("for_all_who_treat"):
            self.add_error("recipient", "Either one recipient, or all who treat: not both")
        if "expires_on" in values and not (values["expires_on"] or values.get("expires_with")):
            self.add_error("expires_on", "Enter the last day, or the event that ends it")
        if values.get("kind") == Consent.Kind.PART2 and not values.get("covers_substance_use"):
            self.add_error(
                "covers_substance_use", "A consent under Part 2 has to name what it covers"
            )
        self._check_days(values)
        return values

    def _check_days(self, values: dict[str, Any]) -> None:
        signed, last = values.get("signed_on"), values.get("expires_on")
        if signed and signed > timezone.localdate():
            self.add_error("signed_on", "The day of the signature is in the future")
        if signed and last and last < signed:
            self.add_error("expires_on", "It would end before it was signed")

    @property
    def values(self) -> dict[str, Any]:
        """What was filled in, by field of the model."""
        return {
            name: value for name, value in self.cleaned_data.items() if name in self.Meta.fields
        }


class RevokeForm(PlainTextForm, forms.Form):
    """Why nothing more may leave under a consent."""

    because = forms.CharField(
        label="Why it ends now",
        max_length=200,
        help_text="Such as: the patient took it back in person.",
        error_messages={"required": "Write why it ends now"},
    )


class SourceForm(forms.Form):
    """Where the answers on substance use come from."""

    source = forms.ChoiceField(
        label="How do you know about alcohol, drugs and withdrawal?",
        choices=[
            (SubstanceSource.Source.SELF_REPORT, "The patient told us"),
            (SubstanceSource.Source.OWN_ASSESSMENT, "We assessed it ourselves"),
            (
                SubstanceSource.Source.PART2_PROGRAM,
                "A program under 42 CFR Part 2 recorded it, or we are one",
            ),
            (SubstanceSource.Source.UNKNOWN, "Not known: counts as a program"),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": "Choose how you know"},
    )
