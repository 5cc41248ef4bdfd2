"""Forms of curation: lists as lines, keys that stay, and the reason for a retraction."""

from __future__ import annotations

from typing import Any

from django import forms

from evidence import choices
from evidence.models import Position, Source
from evidence.rows import POSITION_FIELDS, SOURCE_FIELDS

TAKEN_BY_PAGES = frozenset({"positions", "claims"})
"""Keys that would hide a page of the same address."""


class LinesField(forms.CharField):
    """A list of texts, one a line."""

    widget = forms.Textarea

    def prepare_value(self, value: Any) -> Any:
        """The list as lines."""
        return "\n".join(value) if isinstance(value, list) else value

    def to_python(self, value: Any) -> Any:
        """The lines as a list; empty lines say nothing."""
        text = super().to_python(value) or ""
        return [line.strip() for line in text.splitlines() if line.strip()]

    def has_changed(self, initial: Any, data: Any) -> bool:
        """Compares lists with lists."""
        return bool((initial or []) != self.to_python(data))


def _lines(label: str, help_text: str) -> LinesField:
    return LinesField(
        label=label,
        required=False,
        help_text=help_text,
        widget=forms.Textarea(attrs={"rows": 4, "cols": 60}),
    )


class SourceForm(forms.ModelForm):  # type: ignore[type-arg]
    """One source. Odd numbers are warned of after saving and never refused."""

    authors = _lines(
        "Authors", "One a line, as printed: Philip NS. “et al.” where more were not seen."
    )
    checked_at = _lines("Checked at", "Where the copies were seen, one a line.")
    bears_on = forms.MultipleChoiceField(
        required=False,
        choices=choices.BearsOn.choices,
        widget=forms.CheckboxSelectMultiple,
        help_text="The questions that it helps to answer.",
    )

    class Meta:
        model = Source
        fields = SOURCE_FIELDS

    def clean_key(self) -> str:
        """A key is an address of its own."""
        key = str(self.cleaned_data["key"])
        if key in TAKEN_BY_PAGES:
            raise forms.ValidationError(f"“{key}” is the address of a page. Choose another key.")
        return key

    def clean_url(self) -> str:
        """Only addresses of the web become links."""
        url = str(self.cleaned_data["url"])
        if url and not url.startswith(("https://", "http://")):
            raise forms.ValidationError("Write the whole address, starting with https://")
        return url

    def clean_doi(self) -> str:
        """The identifier alone, however it was pasted."""
        doi = str(self.cleaned_data["doi"]).removeprefix("https://doi.org/").removeprefix("doi:")
        if doi and not doi.startswith("10."):
            raise forms.ValidationError("A DOI starts with 10., as in 10.1016/j.brs.2015.11.007.")
        return doi.strip()


class PositionForm(forms.ModelForm):  # type: ignore[type-arg]
    """What one guideline says of one treatment."""

    checked_at = _lines("Checked at", "Where it was read, one a line.")

    class Meta:
        model = Position
        fields = ("guideline", *POSITION_FIELDS)


class RetractionForm(forms.Form):
    """Why sources support nothing any more."""

    reason = forms.CharField(
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 4, "cols": 60}),
        help_text="Shown on the page of the source: who retracted it, when, and why.",
        error_messages={"required": "Say why it is retracted."},
    )
