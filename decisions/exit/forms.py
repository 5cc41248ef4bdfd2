"""The forms of what a clinic takes along."""

from __future__ import annotations

from typing import Any

from django import forms

from kapnet.core.people.models import User
from kapnet.core.web.plain_forms import PlainTextForm

LONGEST_REASON = 1000
LEAST_PASSPHRASE, MOST_PASSPHRASE = 20, 500
LEAST_KINDS = 8
"""How many different characters there have to be."""
OFF = {"autocomplete": "off"}


def _password() -> forms.CharField:
    return forms.CharField(
        label="Your password, or a code of your second factor",
        strip=False,
        widget=forms.PasswordInput(attrs=OFF),
    )


def _reason(label: str) -> forms.CharField:
    rows = forms.Textarea(attrs={"rows": 3})
    return forms.CharField(label=label, max_length=LONGEST_REASON, widget=rows)


class AskForm(PlainTextForm, forms.Form):
    """Why everything is taken along."""

    reason = _reason("Why is everything taken along?")
    password = _password()
    named = ("reason",)


class AgreeForm(forms.Form):
    """A therapist agrees."""

    password = _password()


class RefuseForm(PlainTextForm, forms.Form):
    """Why a therapist refuses."""

    because = _reason("Why not?")
    named = ("because",)


class BeginForm(forms.Form):
    """The passphrase of the file, typed twice."""

    passphrase = forms.CharField(
        label="Passphrase of the file",
        min_length=LEAST_PASSPHRASE,
        max_length=MOST_PASSPHRASE,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text=f"At least {LEAST_PASSPHRASE} characters, such as six words that do not belong "
        "together. It is stored nowhere: without it nobody can open the file, and with both "
        "anybody can read every patient of the clinic.",
        error_messages={
            "min_length": f"Use at least {LEAST_PASSPHRASE} characters, such as six words"
        },
    )
    passphrase2 = forms.CharField(
        label="The same again",
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    password = _password()

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user

    def clean_passphrase(self) -> str:
        """None that is guessed at once, and none that opens something else."""
        given: str = self.cleaned_data["passphrase"]
        if len(set(given)) < LEAST_KINDS:
            raise forms.ValidationError("This is guessed too easily: use six words")
        if self.user.check_password(given):
            raise forms.ValidationError("Use another one than the password of your account")
        return given

    def clean(self) -> dict[str, Any]:
        """Both are the same."""
        said = super().clean() or {}
        if "passphrase" in said and said.get("passphrase2") != said["passphrase"]:
            self.add_error("passphrase2", "This is not the same passphrase")
        return said
