"""Forms that take a code of the second factor, each code once."""

from __future__ import annotations

from allauth.mfa import app_settings
from allauth.mfa.adapter import get_adapter
from allauth.mfa.base import forms
from django.core.cache import cache


class CodeOnceMixin:
    """Remembers a code for as long as it could be entered again.

    allauth remembers it for one period, but takes it in the periods before and after its own, too.
    """

    def clean_code(self) -> str:
        """A code that is right and was not used before. Raises ValidationError."""
        code: str = super().clean_code()  # type: ignore[misc]
        periods = 2 * app_settings.TOTP_TOLERANCE + 1
        characters = "".join(filter(str.isalnum, code)).casefold()
        used = f"code-used-{self.user.pk}-{characters}"  # type: ignore[attr-defined]
        if not cache.add(used, True, timeout=periods * app_settings.TOTP_PERIOD):
            raise get_adapter().validation_error("incorrect_code")
        return code


class AuthenticateForm(CodeOnceMixin, forms.AuthenticateForm):
    """Asks for a code when signing in."""


class ReauthenticateForm(CodeOnceMixin, forms.ReauthenticateForm):
    """Asks for a code before something that matters."""
