"""Checking sources for retractions: what Crossref says of each, kept with its day."""

from __future__ import annotations

from django.apps import AppConfig

from kapnet.core.later import later


class RetractionsConfig(AppConfig):
    """Nothing is withdrawn here: a finding is put on the list of what is left to do."""

    name = "evidence.retractions"
    label = "retractions"
    verbose_name = "Checks for retractions"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Register what the checks leave to do."""
        from evidence.hook_points import TO_DO

        TO_DO.register(later("evidence.retractions.to_do.retraction_checks"))
