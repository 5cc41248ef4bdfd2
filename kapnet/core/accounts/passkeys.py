"""Passkeys and security keys as the second factor."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from allauth.mfa.adapter import get_adapter
from allauth.mfa.models import Authenticator
from allauth.mfa.webauthn import forms, views
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect

from kapnet.core.audit.actions import record_refusal

BROKEN = (AttributeError, LookupError, TypeError, ValueError, struct.error)
"""What fido2 raises for an answer that no browser gives."""
UNREADABLE = "This passkey could not be read. Try again, or use a code."


@contextmanager
def _readable() -> Iterator[None]:
    """Turn an answer that cannot be read into a message. Raises ValidationError."""
    try:
        yield
    except BROKEN as broken:
        raise ValidationError(UNREADABLE) from broken


class AddPasskeyForm(forms.AddWebAuthnForm):
    """A name, and what the browser answered."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"].help_text = "Such as: phone, key on the key ring."
        self.fields["name"].max_length = 60
        self.fields["credential"].error_messages["required"] = UNREADABLE

    def clean(self) -> dict[str, Any]:
        """Raises ValidationError for what is no answer to this page's question."""
        with _readable():
            cleaned: dict[str, Any] = super().clean()
        return cleaned


class PasskeyForm(forms.AuthenticateWebAuthnForm):
    """What the browser answered when signing in."""

    def clean_credential(self) -> Authenticator:
        """The passkey. Raises ValidationError for what is none of this person's."""
        with _readable():
            return super().clean_credential()


class PasskeyAgainForm(PasskeyForm):
    """What the browser answered before something that matters."""

    reauthenticated = True


class RemovePasskey(views.RemoveWebAuthnView):
    """Takes a passkey away, but never the last second factor of whoever must have one."""

    def form_valid(self, form: Any) -> HttpResponse:
        """Back to the list, with what was done or refused."""
        adapter = get_adapter()
        if not adapter.can_delete_authenticator(self.get_object()):
            refused = adapter.error_messages["cannot_delete_authenticator"]
            messages.error(self.request, refused)
            return redirect("mfa_index")
        done: HttpResponse = super().form_valid(form)
        return done

    def get_object(self, queryset: Any = None) -> Authenticator:
        """One of this person's own; another's is 404 and an audit event."""
        try:
            return super().get_object(queryset)
        except Http404:
            number = self.kwargs["pk"]
            record_refusal(self.request, "account.second_step_removed", "passkey", number)
            raise
