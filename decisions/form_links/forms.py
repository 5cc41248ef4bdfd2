"""The forms by which a clinician makes a link, notes a contact and takes over a proposal."""

from __future__ import annotations

from typing import Any

from django import forms

from decisions.form_links.cards import CARDS, INSTRUMENTS, PREFERENCE, SAFETY
from decisions.form_links.models import Contact, FormLink
from kapnet.core.web.plain_forms import PlainTextForm

NAMES = {
    **INSTRUMENTS,
    SAFETY: "Safety history, in plain words",
    PREFERENCE: "What the patient would like best. This page names ketamine and TMS, after the "
    "date of birth: tick it only if the patient expects that",
}
WITHIN = {1: "Within one day", 2: "Within two days", 3: "Within three days", 7: "Within a week"}
SentAs = FormLink.SentAs


class LinkForm(forms.Form):
    """What is asked, who reads it and by when, and how it gets to the patient."""

    cards = forms.MultipleChoiceField(
        label="What is asked?",
        choices=[(one, NAMES[one]) for one in CARDS],
        initial=list(INSTRUMENTS),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Choose at least one form"},
    )
    read_within_days = forms.TypedChoiceField(
        label="By when does somebody read the answers?",
        choices=list(WITHIN.items()),
        coerce=int,
        widget=forms.RadioSelect,
        help_text="The patient reads this before the first question. Weekends count, too.",
        error_messages={"required": "Choose by when somebody reads the answers"},
    )
    is_read = forms.BooleanField(
        label="I have made sure that somebody reads them by then, also while I am away",
        error_messages={"required": "Confirm that somebody reads the answers by then"},
    )
    sent_as = forms.ChoiceField(
        label="How does it get to the patient?",
        choices=SentAs.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose how it gets to the patient"},
    )

    def __init__(self, *args: Any, may_mail: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not may_mail:
            offered = [one for one in SentAs.choices if one[0] != SentAs.MAIL]
            self.fields["sent_as"].choices = offered  # type: ignore[attr-defined]

    def clean_cards(self) -> list[str]:
        """In the order in which they are asked."""
        return [one for one in CARDS if one in self.cleaned_data["cards"]]

    @property
    def making(self) -> dict[str, Any]:
        """What a link is made of."""
        return {name: self.cleaned_data[name] for name in ("cards", "read_within_days", "sent_as")}


class ContactForm(PlainTextForm, forms.ModelForm):  # type: ignore[type-arg]
    """The address of a patient, and whether they agreed to mail."""

    class Meta:
        model = Contact
        fields = ("email", "may_mail")
        widgets = {"may_mail": forms.RadioSelect}
        help_texts = {
            "email": "The mail says that a form is ready, who sends it, and the address. It names "
            "neither the patient nor what the form is about.",
        }

    email = forms.EmailField(label="Email address", required=False, max_length=254)

    def clean(self) -> dict[str, Any]:
        """Who agreed has an address."""
        cleaned = super().clean()
        if cleaned.get("may_mail") == Contact.MayMail.YES and not cleaned.get("email"):
            self.add_error("email", "Enter the address to which the patient agreed")
        return cleaned
