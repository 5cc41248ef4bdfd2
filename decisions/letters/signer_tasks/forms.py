"""The form by which a signer says what follows for a letter."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import QuerySet

from decisions.letters.forms import LONGEST_TEXT
from decisions.letters.models import LetterTask
from kapnet.core.web.plain_forms import PlainTextForm


class SeenForm(PlainTextForm, forms.Form):
    """What follows for a letter. tasks: those that the person was shown."""

    note = forms.CharField(
        max_length=LONGEST_TEXT,
        widget=forms.Textarea,
        error_messages={"required": "Write what follows from it, even if nothing does"},
    )

    def __init__(self, *args: Any, of_letter: QuerySet[LetterTask], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["tasks"] = forms.ModelMultipleChoiceField(of_letter)
