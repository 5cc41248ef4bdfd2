"""Sessions in the database, as Django keeps them, read by a query that is made once."""

from __future__ import annotations

from django.contrib.sessions.backends import db
from django.contrib.sessions.models import Session
from django.utils import timezone

from kapnet.core.compiled import Compiled, Given

_STORED = Compiled(
    lambda: Session.objects.filter(
        session_key=Given("key", Session._meta.get_field("session_key")),
        expire_date__gt=Given("now", Session._meta.get_field("expire_date")),
    )
)


class SessionStore(db.SessionStore):
    """Django's own; only a look at a stored session takes a shorter way."""

    def _get_session_from_db(self) -> Session | None:
        found = _STORED.first(key=self.session_key, now=timezone.now())
        if found is None:
            self._session_key = None
        return found
