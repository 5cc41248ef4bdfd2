"""The app of plans."""

from __future__ import annotations

from django.apps import AppConfig


class PlanConfig(AppConfig):
    """Days of TMS and ketamine, as a clinician plans them for one patient."""

    name = "decisions.plans"
    label = "plan"

    def ready(self) -> None:
        """Register the start-up check."""
        from decisions.plans import checks  # noqa: F401, imported for what it registers
