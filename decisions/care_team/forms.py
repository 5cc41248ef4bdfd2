"""The form of a care team."""

from __future__ import annotations

from django import forms

from decisions.care_team.models import TeamMember
from kapnet.core.directory.models import Site
from kapnet.core.directory.queries import open_sites


class MemberForm(forms.Form):
    """One site of the directory, and the part that it has."""

    site = forms.UUIDField(
        error_messages={"required": "Choose somebody", "invalid": "Choose somebody of the list"}
    )
    part = forms.ChoiceField(
        label="What they do for this patient",
        choices=TeamMember.Part.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose what they do for this patient"},
    )

    def clean_site(self) -> Site:
        """A site of this clinic's directory that is not deactivated."""
        site = open_sites().filter(pk=self.cleaned_data["site"]).first()
        if site is None:
            raise forms.ValidationError("Choose somebody of the list")
        return site
