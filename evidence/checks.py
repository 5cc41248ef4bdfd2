"""Start-up check: the project's own dossier can be read (evidence.E001)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.core.checks import CheckMessage, Error, register

from evidence.loading import DossierRefused, load_dossier


@register()
def check_dossier(app_configs: object, **kwargs: Any) -> Sequence[CheckMessage]:
    """An error with file and entry where the dossier is not sound."""
    try:
        load_dossier()
    except DossierRefused as refused:
        hint = "Mend the entry in evidence/dossier; the head of each file says what belongs there."
        return [
            Error(f"The evidence dossier cannot be used: {refused}.", hint=hint, id="evidence.E001")
        ]
    return []
