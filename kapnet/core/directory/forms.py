"""The forms of the directory."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django import forms

from kapnet.core.directory.models import Colleague, Part, Site, field_of
from kapnet.core.web.plain_forms import SavedForm, SavedModelForm


class ColleagueForm(SavedModelForm):
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
        help_texts = {"name": "As it should appear at the head of a letter."}
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


class SiteForm(SavedModelForm):
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


class SeenForm(SavedForm):
    """Which saved state of a site the page of a button showed."""

    @property
    def seen_at(self) -> datetime:
        """When the site was saved that the reader was looking at; long ago where it is odd."""
        self.full_clean()
        return super().seen_at
