"""Forms of accounts and clinics."""

from __future__ import annotations

from typing import Any

from allauth.account.forms import LoginForm, ResetPasswordForm
from django import forms
from django.http import HttpRequest

from kapnet.core.accounts.actions import ask_for_new_password
from kapnet.core.notices.mailing import origin_of
from kapnet.core.people.demo import DEMO_PASSWORD, DemoPerson, demo_person, one_press_people
from kapnet.core.people.models import Role, User
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
    name = forms.CharField(max_length=120, help_text="As it stands under a letter.")
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
