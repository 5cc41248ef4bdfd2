"""How accounts come to be: by invitation, never by signing up."""

from __future__ import annotations

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest


class ClosedAccountAdapter(DefaultAccountAdapter):
    """No one opens an account for themselves."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Never."""
        return False
