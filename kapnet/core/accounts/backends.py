"""Who is signed in, with membership and clinic, in one query."""

from __future__ import annotations

from typing import Any

from allauth.account.auth_backends import AuthenticationBackend

from kapnet.core.people.models import User


class ClinicBackend(AuthenticationBackend):
    """Signs in by email and reads user, membership and clinic together."""

    def get_user(self, user_id: Any) -> User | None:
        """The active user of a session, or None when the account was switched off."""
        people = User.objects.select_related("membership__clinic")
        return people.filter(pk=user_id, is_active=True).first()
