"""Forms of the workflow: what to do with a change and why; what a release tells clinicians."""

from __future__ import annotations

from django import forms

from evidence.models import Release
from kapnet.core.web.plain_forms import PlainTextForm


class StepForm(PlainTextForm, forms.Form):
    """What to do with a change, and why."""

    reason = forms.CharField(
        label="What you want to say",
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="The reason for a step, or a comment. It stays with the change, with your name.",
        error_messages={"required": "Say why, in a few words."},
    )


class ReleaseForm(PlainTextForm, forms.Form):
    """What a release tells clinicians, and whether it goes back to an earlier one."""

    notes = forms.CharField(
        label="What changed, for clinicians",
        max_length=5000,
        widget=forms.Textarea(attrs={"rows": 5}),
        error_messages={"required": "Say what changed, in words for clinicians."},
    )
    rolls_back_to = forms.ModelChoiceField(
        label="Go back to",
        required=False,
        queryset=Release.objects.none(),
        empty_label="No: release what is approved",
        help_text="A release with the content of an earlier one. Open changes stay open.",
    )

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        earlier = Release.objects.filter(content__isnull=False)
        self.fields["rolls_back_to"].queryset = earlier  # type: ignore[attr-defined]


class SignForm(forms.Form):
    """Publishing for every clinic asks for the password again."""

    password = forms.CharField(
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
        help_text="Signing asks for it again. A code of your second factor does as well.",
        error_messages={"required": "Enter your password to sign"},
        strip=False,
    )
    seen = forms.CharField(max_length=64, required=False, widget=forms.HiddenInput)
