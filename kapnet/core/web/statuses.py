"""The statuses of answers that pages give by hand, by a short name."""

from __future__ import annotations

from http import HTTPStatus

CONFLICT = HTTPStatus.CONFLICT
"""409: what it was about has changed since, or is not open to it."""
UNPROCESSABLE = HTTPStatus.UNPROCESSABLE_ENTITY
"""422: a form with a mistake in it."""
TOO_MANY = HTTPStatus.TOO_MANY_REQUESTS
UNAVAILABLE = HTTPStatus.SERVICE_UNAVAILABLE
