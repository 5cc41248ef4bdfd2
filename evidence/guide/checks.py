"""Start-up checks: the dossier can be read (evidence.E001) and carries the guide (E002)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.core.checks import CheckMessage, Error

from evidence.guide.loading import GuideRefused, load_guide
from evidence.guide.model import problems_of
from evidence.loading import DossierRefused, load_dossier


def check_dossier(app_configs: object, **kwargs: Any) -> Sequence[CheckMessage]:
    """An error with file and entry where the dossier is not sound."""
    try:
        load_dossier()
    except DossierRefused as refused:
        hint = "Fix the entry in evidence/dossier; the head of each file says what belongs there."
        return [
            Error(f"The evidence dossier cannot be used: {refused}.", hint=hint, id="evidence.E001")
        ]
    return []


def check_guide(app_configs: object, **kwargs: Any) -> Sequence[CheckMessage]:
    """An error for each sentence of the guide that the dossier does not carry."""
    try:
        problems = list(problems_of(load_guide(), load_dossier()))
    except GuideRefused as refused:
        problems = [str(refused)]
    except DossierRefused:
        return []
    hint = "Fix evidence/guide/guide.yaml; its head says what belongs there."
    return [
        Error(f"The guide cannot be used: {one}.", hint=hint, id="evidence.E002")
        for one in problems
    ]
