"""A form that is sent twice does its work once.

A second press, a page that was opened again, and a repeat after a commit of which nobody knows
whether it happened all send the same form. What a form makes is stored together with the form's
token, in one row: so the token is kept exactly when the work is, for every process, and goes when
the row goes. Where the same content twice has no meaning, no token is needed: see `same_just_now`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import timedelta
from secrets import token_urlsafe
from typing import Any, TypeVar

from django.db import models
from django.http import HttpRequest
from django.utils import timezone

NAME = "once"
"""The control of a form that holds its token."""
BYTES, LENGTH = 16, 22
WRITTEN = re.compile(r"[A-Za-z0-9_-]{22}")
JUST_NOW = timedelta(minutes=10)
"""Within this the same content is the same press."""

Row = TypeVar("Row", bound=models.Model)


class OnceField(models.CharField):  # type: ignore[type-arg]
    """The token of the form that made a row; None where no form did."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**{"max_length": LENGTH, "null": True, "editable": False, **options})


def once_a_form(name: str) -> models.UniqueConstraint:
    """One row of a form in a clinic. By a condition, so that SQLite keeps the triggers."""
    return models.UniqueConstraint(
        fields=["clinic", NAME], condition=models.Q(once__isnull=False), name=name
    )


def posted_once(request: HttpRequest) -> str | None:
    """The token of the form that was sent; None without one."""
    sent = request.POST.get(NAME, "")
    return sent if WRITTEN.fullmatch(sent) else None


def once_token(request: HttpRequest) -> str:
    """The token of a form: a new one, or the one that came back because nothing was made yet."""
    return posted_once(request) or token_urlsafe(BYTES)


def made_by(rows: models.QuerySet[Row], once: str | None) -> Row | None:
    """What a form made already. Asked under the lock under which it is made."""
    return rows.filter(once=once).first() if once else None


def same_just_now(
    rows: models.QuerySet[Row], written: str, values: Mapping[str, object]
) -> Row | None:
    """A row of just now that says exactly this. written: the field that says when it was made."""
    recent = rows.filter(**{f"{written}__gte": timezone.now() - JUST_NOW})
    return same_in(recent.order_by(f"-{written}"), values)


def same_in(rows: Iterable[Row], values: Mapping[str, object]) -> Row | None:
    """The first of these rows that says exactly this."""
    same = (
        row for row in rows if all(getattr(row, name) == value for name, value in values.items())
    )
    return next(same, None)
