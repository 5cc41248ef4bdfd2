"""The form of a phrase."""

from __future__ import annotations

from django import forms

from decisions.phrases.models import Phrase
from kapnet.core.web.plain_forms import PlainTextForm

LONGEST = 1000


class PhraseForm(PlainTextForm, forms.Form):
    """Plain text, and where it is offered."""

    text = forms.CharField(
        label="Phrase",
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Nothing that tells who a patient is.",
        error_messages={"required": "Write the phrase"},
    )
    kind = forms.ChoiceField(
        label="Where is it offered?",
        choices=Phrase.Kind.choices,
        initial=Phrase.Kind.REASONING,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose where it is offered"},
    )
