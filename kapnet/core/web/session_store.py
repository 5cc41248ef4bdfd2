"""Sessions in the database, as Django keeps them, read by a query that is made once."""

from __future__ import annotations

from django.contrib.sessions.backends import db
from django.contrib.sessions.backends.base import UpdateError
from django.contrib.sessions.models import Session
from django.db import DatabaseError
from django.utils import timezone

from kapnet.core.compiled import Compiled, Given

_STORED = Compiled(
    lambda: Session.objects.filter(
        session_key=Given("key", Session._meta.get_field("session_key")),
        expire_date__gt=Given("now", Session._meta.get_field("expire_date")),
    )
)


class SessionStore(db.SessionStore):
    """Django's own; a look at a stored session takes a shorter way, and a failure is named."""

    def _get_session_from_db(self) -> Session | None:
        found = _STORED.first(key=self.session_key, now=timezone.now())
        if found is None:
            self._session_key = None
        return found

    def save(self, must_create: bool = False) -> None:
        """Django takes each failure of the database for a session that was deleted meanwhile.

        Raises the failure itself, so that the page says it, and keeps what was typed.
        """
        try:
            super().save(must_create)
        except UpdateError as error:
            failure = error.__context__
            if isinstance(failure, DatabaseError) and type(failure) is not DatabaseError:
                raise failure from failure.__cause__
            raise  # no row was there to be updated, which Django says by the bare class
