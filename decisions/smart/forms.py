"""The form by which a manager lists an EHR."""

from __future__ import annotations

import json
import re
from typing import Any

from django import forms

from decisions.smart.issuer_keys import IssuerKeysRefused, read_issuer_keys
from decisions.smart.models import EhrIssuer
from decisions.smart.outbound import NotAllowed, host_of, refuse_address
from kapnet.core.web.plain_forms import PlainTextForm

LONGEST_KEYS = 40_000
MOST_HOSTS = 5
HOST = re.compile(r"[a-z0-9.-]{1,253}(:[0-9]{1,5})?")


class IssuerForm(PlainTextForm, forms.ModelForm):  # type: ignore[type-arg]
    """Where an EHR is, as whom we are known there, and whose signature counts."""

    named = ("name",)
    hosts = forms.CharField(
        label="Other hosts of the EHR",
        required=False,
        max_length=600,
        help_text="Only if it signs people in elsewhere, such as login.ehr.example. Several with a "
        "space between. Nothing else is asked.",
    )
    keys = forms.CharField(
        label="Public keys of the EHR",
        max_length=LONGEST_KEYS,
        widget=forms.Textarea(attrs={"rows": 6, "spellcheck": "false"}),
        help_text="What the EHR shows at its jwks_uri: {“keys”: [...]}. Paste it again when the "
        "EHR changes its keys.",
        error_messages={"required": "Paste the public keys of the EHR"},
    )

    class Meta:
        model = EhrIssuer
        fields = ("name", "iss", "client_id", "hosts", "token_issuer", "keys", "is_active")
        labels = {
            "name": "Name",
            "iss": "FHIR address (iss)",
            "client_id": "Client id",
            "token_issuer": "Issuer of its identity tokens",
            "is_active": "Launches are allowed",
        }
        help_texts = {
            "name": "As your clinic calls it.",
            "iss": "The FHIR R4 base address, such as https://ehr.example/fhir.",
            "client_id": "By which the EHR knows this program: a public client, without a secret.",
            "token_issuer": "Only if it is not the “issuer” of the EHR’s smart-configuration.",
        }
        error_messages = {
            "name": {"required": "Enter a name"},
            "iss": {"required": "Enter the FHIR address"},
            "client_id": {"required": "Enter the client id"},
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kept = self.instance.keys
        self.initial["keys"] = json.dumps({"keys": kept}, indent=1) if kept else ""
        self.initial["hosts"] = " ".join(self.instance.hosts)

    def clean_iss(self) -> str:
        """An address that can be asked. Nobody is asked."""
        iss: str = self.cleaned_data["iss"].strip().rstrip("/")
        try:
            parts = refuse_address(iss, {host_of(iss)})
        except (NotAllowed, ValueError) as refused:
            raise forms.ValidationError(
                "Enter an address that begins with https://, without a query"
            ) from refused
        if parts.query:
            raise forms.ValidationError("Enter the address without what follows the question mark")
        if self._is_another_place(iss):
            raise forms.ValidationError(
                "People or patients are linked by the address that was here. List the other "
                "address as another EHR, and switch this one off"
            )
        return iss

    def _is_another_place(self, iss: str) -> bool:
        """Whether the same ids would come to mean other people and patients."""
        of = self.instance
        if of._state.adding or iss == self.initial["iss"]:
            return False
        return bool(of.patients.exists() or of.identities.exists())

    def clean_hosts(self) -> list[str]:
        """Each once."""
        hosts = list(dict.fromkeys(self.cleaned_data["hosts"].split()))
        if len(hosts) > MOST_HOSTS:
            raise forms.ValidationError(f"Write at most {MOST_HOSTS} hosts")
        if not all(map(HOST.fullmatch, hosts)):
            raise forms.ValidationError("Write hosts alone, such as login.ehr.example")
        return hosts

    def clean_keys(self) -> list[dict[str, str]]:
        """Those that can sign here."""
        try:
            return read_issuer_keys(self.cleaned_data["keys"])
        except IssuerKeysRefused as refused:
            raise forms.ValidationError(str(refused)) from refused
