"""The forms of clients."""

from __future__ import annotations

from typing import Any

from django import forms

from kapnet.core.clients.models import ApiClient
from kapnet.core.clients.public_keys import KeysRefused, PublicKey, read_public_keys
from kapnet.core.clients.scopes import RIGHTS, scopes_of
from kapnet.core.web.plain_forms import PlainTextForm

Kind = ApiClient.Kind
CHOICES = [(one.key, f"{one.words}. {one.more}" if one.more else one.words) for one in RIGHTS]
NEED_A_REASON = frozenset(one.key for one in RIGHTS if one.needs_agreement)


class KeysForm(PlainTextForm, forms.Form):
    """Public keys as they were pasted. A private one is never shown again and never kept."""

    public_keys = forms.CharField(
        label="Public keys",
        max_length=40_000,
        widget=forms.Textarea(attrs={"rows": 8, "spellcheck": "false", "class": "k-code"}),
        help_text="A JWK Set as JSON, from the people who run the program: ES384 or RS384, each"
        " key with a “kid”. Never a private key.",
        error_messages={"required": "Paste the public keys of the program"},
    )
    keys_address = forms.CharField(
        label="Address of these keys (jku), if its tokens name one",
        max_length=300,
        required=False,
        help_text="It is compared with what a token says. Nothing is ever fetched from there.",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["public_keys"].validators = []

    def clean_public_keys(self) -> list[PublicKey]:
        """The keys that are kept."""
        try:
            return read_public_keys(self.cleaned_data["public_keys"])
        except KeysRefused as refused:
            if refused.is_private:
                self._forget("public_keys")
            raise forms.ValidationError(str(refused)) from None

    def _forget(self, name: str) -> None:
        """Let nobody see what was typed."""
        data: Any = self.data
        self.data = data.copy()
        self.data[name] = ""  # type: ignore[index]

    @property
    def keys(self) -> dict[str, Any]:
        """What is kept of them."""
        said = self.cleaned_data
        return {"keys": said["public_keys"], "keys_address": said["keys_address"]}


class RightsForm(PlainTextForm, forms.Form):
    """What a program may do."""

    rights = forms.MultipleChoiceField(
        label="What it may do",
        choices=CHOICES,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="As little as it needs.",
    )
    reason = forms.CharField(
        label="Why it has to take everything along",
        max_length=200,
        required=False,
        help_text="Only with the last box. The therapists of your clinic read it.",
    )

    needs_a_right = True

    def clean(self) -> dict[str, Any]:
        """A reason where somebody has to agree, and at least one right."""
        said = super().clean()
        rights = set(said.get("rights", ()))
        if rights & NEED_A_REASON and not said.get("reason") and not self.has_everything:
            self.add_error("reason", "Say why: a therapist has to agree to it")
        if not rights and self.needs_a_right:
            self.add_error("rights", "Tick at least one")
        return said

    has_everything = False
    """Whether somebody agreed before."""

    @property
    def scopes(self) -> tuple[str, ...]:
        """The scopes of what was ticked."""
        return scopes_of(self.cleaned_data["rights"])


class ClientForm(KeysForm, RightsForm):
    """A program that is to call."""

    named = ("name",)
    needs_a_right = False
    name = forms.CharField(
        max_length=120,
        help_text="As your colleagues know it, such as “Record system of the hospital”.",
        error_messages={"required": "Enter the name of the program"},
    )
    kind = forms.ChoiceField(
        label="What it is",
        choices=Kind.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose what it is"},
    )
    issuer = forms.CharField(
        label="Issuer, for CDS Hooks",
        max_length=300,
        required=False,
        help_text="What its tokens say as “iss”, such as https://ehr.example",
    )
    field_order = ("name", "kind", "issuer", "public_keys", "keys_address", "rights", "reason")

    def clean(self) -> dict[str, Any]:
        """Each kind with what it needs."""
        said = super().clean()
        kind, issuer, rights = said.get("kind"), said.get("issuer"), said.get("rights")
        if kind == Kind.CDS and not issuer and "issuer" not in self.errors:
            self.add_error("issuer", "Enter the issuer: CDS Hooks names its sender by it")
        if kind == Kind.CDS and rights:
            self.add_error("rights", "CDS Hooks reads nothing here: tick none")
        if kind == Kind.BACKEND and issuer:
            self.add_error("issuer", "Only for CDS Hooks: this program names itself by its id")
        if kind == Kind.BACKEND and not rights and "rights" not in self.errors:
            self.add_error("rights", "Tick at least one")
        return said

    @property
    def values(self) -> dict[str, Any]:
        """What `add_client` takes."""
        plain = {name: self.cleaned_data[name] for name in ("name", "kind", "issuer", "reason")}
        return {**plain, **self.keys, "scopes": self.scopes}


class AgreeForm(forms.Form):
    """A therapist agrees with their password, or a code of their second factor."""

    password = forms.CharField(
        label="Your password, or a code of your second factor",
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
        error_messages={"required": "Enter your password, or a code of your second factor"},
    )
