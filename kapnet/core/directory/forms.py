"""The forms of the directory."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from django import forms

from kapnet.core.directory.models import Colleague, Part, Site, field_of
from kapnet.core.web.plain_forms import PlainTextForm

LONG_AGO = datetime(1, 1, 2, tzinfo=UTC)
"""Stands for a page that does not say which saved state it showed."""


class _EntryForm(PlainTextForm, forms.ModelForm):  # type: ignore[type-arg]
    """A form that knows which saved state its reader was looking at."""

    version = forms.DateTimeField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        saved = self.instance.saved_at
        self.initial["version"] = saved.isoformat() if saved else ""

    @property
    def seen_at(self) -> datetime:
        """When the entry was saved that the reader was looking at."""
        seen: datetime = self.cleaned_data["version"] or LONG_AGO
        return seen

    @property
    def values(self) -> dict[str, Any]:
        """What was filled in, by field of the model."""
        return {name: value for name, value in self.cleaned_data.items() if name != "version"}


class ColleagueForm(_EntryForm):
    """Who a colleague is and what they do."""

    named = ("name",)
    parts = forms.MultipleChoiceField(
        label="What they do",
        choices=Part.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="Tick what you know. What is not ticked is not known.",
    )

    class Meta:
        model = Colleague
        fields = ("name", "profession", "license_number")
        help_texts = {"name": "As it should stand in the head of a letter."}
        error_messages = {"name": {"required": "Enter the name of the person or service"}}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial["parts"] = [part.value for part in self.instance.parts]

    @property
    def values(self) -> dict[str, Any]:
        """What was filled in; each part is a field of its own."""
        values = super().values
        ticked = values.pop("parts")
        return {**values, **{field_of(part): part in ticked for part in Part.values}}


class SiteForm(_EntryForm):
    """Where a colleague is reached."""

    class Meta:
        model = Site
        fields = ("organization", "address", "phone", "secure_reply", "accepts_referrals")
        widgets = {
            "address": forms.Textarea(attrs={"rows": 3}),
            "accepts_referrals": forms.RadioSelect,
        }
        labels = {"accepts_referrals": "Accepts referrals?"}
        help_texts = {
            "organization": "Clinic or practice, where the name above is a person.",
            "secure_reply": "How they can be answered safely, such as a fax number in use.",
        }
        error_messages = {"address": {"required": "Enter the address"}}


class SeenForm(forms.Form):
    """Which saved state of a site the page showed that a button stood on."""

    version = forms.DateTimeField(required=False)

    @property
    def seen_at(self) -> datetime:
        """When the site was saved that the reader was looking at."""
        self.full_clean()
        seen: datetime = self.cleaned_data.get("version") or LONG_AGO
        return seen
