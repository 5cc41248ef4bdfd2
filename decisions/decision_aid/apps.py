"""The app of the patient's sheet."""

from __future__ import annotations

from django.apps import AppConfig


class SheetConfig(AppConfig):
    """A general decision aid that a clinician hands over, as a page and on paper."""

    name = "decisions.decision_aid"
    label = "sheet"

    def ready(self) -> None:
        """Register the start-up checks, and the sheet as a user of sources."""
        from decisions.decision_aid import (  # noqa: F401, imported for what they register
            checks,
            usage,
        )
