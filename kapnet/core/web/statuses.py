"""The statuses of answers that pages give by hand, by a short name."""

from __future__ import annotations

from http import HTTPStatus

from django.forms import BaseForm

CONFLICT = HTTPStatus.CONFLICT
"""409: what it was about has changed since, or is not open to it."""
UNPROCESSABLE = HTTPStatus.UNPROCESSABLE_ENTITY
"""422: a form with a mistake in it."""
TOO_MANY = HTTPStatus.TOO_MANY_REQUESTS
UNAVAILABLE = HTTPStatus.SERVICE_UNAVAILABLE


def status_of(form: BaseForm) -> int:
    """Of a page with a form: whether it was sent with a mistake in it."""
    return UNPROCESSABLE if form.is_bound and form.errors else HTTPStatus.OK
