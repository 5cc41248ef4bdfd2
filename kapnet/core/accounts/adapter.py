"""How accounts come to be, and what sign-in says when it does not work."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.core.exceptions import ValidationError
from django.http import HttpRequest

from kapnet.core.accounts.resume import is_known_browser
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

    def _get_login_attempts_cache_key(self, request: HttpRequest, **credentials: Any) -> str:
        """A browser in which the account was signed in counts by itself.

        So nobody elsewhere keeps a person out by wrong passwords, again and again.
        """
        key: str = super()._get_login_attempts_cache_key(request, **credentials)
        is_known = is_known_browser(request, email=str(credentials.get("email", "")))
        return f"{key}:known" if is_known else key

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Never."""
        return False

    def add_message(self, *args: Any, **kwargs: Any) -> None:
        """The pages say themselves what happened."""
