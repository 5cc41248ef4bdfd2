"""Forms of accounts and clinics."""

from __future__ import annotations

from typing import Any
from zoneinfo import available_timezones

from allauth.account.forms import LoginForm, ResetPasswordForm
from django import forms
from django.conf import settings
from django.http import HttpRequest
from django.utils import timezone

from kapnet.core.accounts.actions import ask_for_new_password
from kapnet.core.notices.mailing import origin_of
from kapnet.core.people.demo import DEMO_PASSWORD, DemoPerson, demo_person, one_press_people
from kapnet.core.people.models import LEAST_KEPT_YEARS, MOST_KEPT_YEARS, Membership, Role, User
from kapnet.core.people.queries import therapists_in
from kapnet.core.web.day_fields import DayField
from kapnet.core.web.plain_forms import PlainTextForm


class SignInForm(LoginForm):
    """Email and password."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["login"].label = "Email"
        self.fields["password"].help_text = ""
        self.demo_people = one_press_people()
        if self.request is not None and not self.is_bound:
            self._fill_in(demo_person(self.request.GET.get("as", "")))

    def _fill_in(self, person: DemoPerson | None) -> None:
        """The account that somebody chose on the sign-in page of a demo."""
        if person is not None:
            self.initial.update(login=person.email, password=DEMO_PASSWORD)
            self.fields["password"].widget.render_value = True


class ForgottenPasswordForm(ResetPasswordForm):
    """Whose password was forgotten."""

    def save(self, request: HttpRequest, **kwargs: Any) -> str:
        """Let a worker send the link. Nothing here takes longer where somebody has the address."""
        email: str = self.cleaned_data["email"]
        ask_for_new_password(email=email, origin=origin_of(request))
        return email


class ProfileForm(PlainTextForm, forms.ModelForm):  # type: ignore[type-arg]
    """What a letter says of the person who signs it."""

    named = ("name",)

    class Meta:
        model = User
        fields = ("name", "profession", "license_number", "phone", "secure_reply")


class RoleForm(forms.Form):
    """What somebody does in the clinic from now on."""

    role = forms.ChoiceField(
        choices=Role.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose what they do in the clinic."},
    )


class InvitationForm(PlainTextForm, forms.Form):
    """A new person of the clinic."""

    named = ("name",)
    name = forms.CharField(max_length=120, help_text="As it appears under a letter.")
    email = forms.EmailField(max_length=254, help_text="They sign in with it.")
    role = forms.ChoiceField(
        choices=Role.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose what they do in the clinic."},
    )

    def clean_email(self) -> str:
        """An email is one account, in upper and in lower case."""
        email = str(self.cleaned_data["email"]).strip().lower()
        if User.objects.filter(email=email).exists():
            raise forms.ValidationError("There is an account with this email already.")
        return email


class ClinicSettingsForm(PlainTextForm, forms.Form):
    """The clock of a clinic, how long it keeps closed cases, and how its letters are answered."""

    time_zone = forms.CharField(
        label="Time zone",
        required=False,
        max_length=64,
        help_text="Days, times and calendar files of the clinic follow it. Left open: that of the "
        "installation.",
    )
    kept_years = forms.IntegerField(
        label="Years that a closed case is kept",
        min_value=LEAST_KEPT_YEARS,
        max_value=MOST_KEPT_YEARS,
        help_text="Counted from the day it was closed; for somebody who was a minor then, from "
        "their 18th birthday. Your state may ask for more than 7.",
    )
    has_reply_links = forms.BooleanField(
        label="New letters say how to answer them online",
        required=False,
        help_text="Anyone who holds the letter can answer, without an account. The desk has to "
        "check these answers each working day: nothing changes before it has confirmed one.",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["time_zone"].widget.attrs["list"] = "time-zones"
        if not settings.SITE_ADDRESS:
            self.fields[
                "has_reply_links"
            ].help_text += (
                " No letter says it yet: this installation has no address (SITE_ADDRESS)."
            )

    def clean_time_zone(self) -> str:
        """A zone by its name, in capitals or not."""
        named = {one.casefold(): one for one in available_timezones()}
        written = self.cleaned_data["time_zone"].strip().replace(" ", "_").casefold()
        if written and written not in named:
            raise forms.ValidationError("Enter a time zone, such as America/Chicago")
        return named.get(written, "")


class AwayForm(forms.Form):
    """From when until when a therapist is away, and who stands in."""

    stand_in = forms.ModelChoiceField(
        label="Who stands in?",
        queryset=User.objects.none(),
        empty_label="Choose a therapist",
        error_messages={"required": "Choose who stands in"},
    )
    away_from = DayField(label="First day away", error_messages={"required": "Enter the first day"})
    away_until = DayField(label="Last day away", error_messages={"required": "Enter the last day"})

    def __init__(self, *args: Any, membership: Membership, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial = {name: getattr(membership, name) for name in ("away_from", "away_until")}
        self.initial["stand_in"] = membership.stand_in_id
        others = therapists_in(membership.clinic).exclude(pk=membership.user_id)
        self.fields["stand_in"].queryset = others  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """The last day is not before the first, nor over."""
        cleaned = super().clean() or self.cleaned_data
        first, last = cleaned.get("away_from"), cleaned.get("away_until")
        if first and last and last < first:
            self.add_error("away_until", "The last day is before the first")
        elif last and last < timezone.localdate():
            self.add_error("away_until", "This day is over")
        return cleaned
