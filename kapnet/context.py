"""What templates of every page may ask for: edition and evidence, and the token of a form."""

from __future__ import annotations

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from decisions.rules.loading import CURRENT_EDITION
from evidence.queries import current_release_name
from kapnet.core.web.once import once_token


def published(request: HttpRequest) -> dict[str, object]:
    """The edition new cases are asked by, and what is read or made only where it is shown."""
    return {
        "edition_id": CURRENT_EDITION,
        "evidence_release": SimpleLazyObject(current_release_name),
        "once_token": SimpleLazyObject(lambda: once_token(request)),
    }
