"""How accounts come to be, and what sign-in says when it does not work."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.core.exceptions import ValidationError
from django.http import HttpRequest

from kapnet.core.web.rate_limits import tell_too_many

NOT_RIGHT = "Email or password is not right. Enter both again."


class ClosedAccountAdapter(DefaultAccountAdapter):
    """Accounts come by invitation: no one opens one for themselves."""

    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "account_inactive": NOT_RIGHT,
        "email_password_mismatch": NOT_RIGHT,
        "too_many_login_attempts": "Too many tries. Wait five minutes, then try again.",
    }

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Five wrong passwords for an account, or ten from an address, wake somebody."""
        try:
            super().pre_authenticate(request, **credentials)
        except ValidationError:
            tell_too_many("account.sign_in")
            raise

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Never."""
        return False

    def add_message(self, *args: Any, **kwargs: Any) -> None:
        """The pages say themselves what happened."""
