"""The forms of emergency access: find a patient and say why, say that it was looked at."""

from __future__ import annotations

from django import forms

from decisions.cases.finding.name_index import number_in
from kapnet.core.web.plain_forms import PlainTextForm

SHORTEST_NAME = 2
SHORTEST_REASON, LONGEST_REASON = 15, 500
SAY_WHY = "Say in a sentence why the case has to be opened now"


class ReasonField(forms.CharField):
    """Why a case has to be opened. Nothing of any patient is shown before it is given."""

    def __init__(self) -> None:
        super().__init__(
            label="Why does the case have to be opened now?",
            help_text="Managers read it, and the therapist if you open the case. It is kept.",
            min_length=SHORTEST_REASON,
            max_length=LONGEST_REASON,
            widget=forms.Textarea(attrs={"rows": 3}),
            error_messages={"required": SAY_WHY, "min_length": SAY_WHY},
        )


class FindForm(PlainTextForm, forms.Form):
    """Whom somebody looks for, and why."""

    words = forms.CharField(
        label="The patient",
        max_length=100,
        help_text="The number of the case, or how the words of the name begin.",
        error_messages={"required": "Enter a number or a name"},
    )
    reason = ReasonField()

    def clean_words(self) -> str:
        """A single letter would list patients nobody looks for."""
        words: str = self.cleaned_data["words"]
        if number_in(words) is None and len(words) < SHORTEST_NAME:
            raise forms.ValidationError("Enter at least two letters of the name")
        return words


class OpenForm(PlainTextForm, forms.Form):
    """Which of the cases found; why was said before they were shown."""

    case = forms.UUIDField(
        error_messages={"required": "Choose the patient", "invalid": "Choose the patient"}
    )
    reason = ReasonField()


class SeenForm(PlainTextForm, forms.Form):
    """What a therapist says of an access; nothing has to be said."""

    note = forms.CharField(
        label="Note",
        required=False,
        max_length=LONGEST_REASON,
        help_text="Such as: whom you asked, and what they said. Kept, not sent.",
        widget=forms.Textarea(attrs={"rows": 3}),
    )
