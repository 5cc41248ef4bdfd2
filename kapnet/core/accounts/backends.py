"""Who is signed in, with membership and clinic, in one query."""

from __future__ import annotations

from typing import Any

from allauth.account.auth_backends import AuthenticationBackend

from kapnet.core.compiled import Compiled, Given
from kapnet.core.people.models import User

_ACTIVE = Compiled(
    lambda: User.objects.select_related("membership__clinic").filter(
        pk=Given("user", User._meta.pk), is_active=True
    )
)


class ClinicBackend(AuthenticationBackend):
    """Signs in by email and reads user, membership and clinic together."""

    def get_user(self, user_id: Any) -> User | None:
        """The active user of a session, or None when the account was switched off."""
        return _ACTIVE.first(user=user_id)
