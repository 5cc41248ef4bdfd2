"""What the foot of every page says about edition and evidence."""

from __future__ import annotations

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from decisions.rules.loading import CURRENT_EDITION
from evidence.queries import current_release_name


def published(request: HttpRequest) -> dict[str, object]:
    """The edition new cases are asked by, and the evidence release; read only where shown."""
    return {
        "edition_id": CURRENT_EDITION,
        "evidence_release": SimpleLazyObject(current_release_name),
    }
