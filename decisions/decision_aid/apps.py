"""The app of the patient's sheet."""

from __future__ import annotations

from django.apps import AppConfig
from django.core.checks import register

from kapnet.core.later import later


class SheetConfig(AppConfig):
    """A general decision aid that a clinician hands over, as a page and on paper."""

    name = "decisions.decision_aid"
    label = "sheet"

    def ready(self) -> None:
        """Register the start-up checks, and the sheet as a user of sources."""
        from evidence.hook_points import TO_DO, USES

        register(later("decisions.decision_aid.checks.check_sheet"))
        USES.register(later("decisions.decision_aid.usage.sheet_citing"))
        TO_DO.register(later("decisions.decision_aid.usage.sheet_to_do"))
