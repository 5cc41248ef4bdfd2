"""The app of plans."""

from __future__ import annotations

from django.apps import AppConfig
from django.core.checks import register

from kapnet.core.later import later


class PlanConfig(AppConfig):
    """Days of TMS and ketamine, as a clinician plans them for one patient."""

    name = "decisions.plans"
    label = "plan"

    def ready(self) -> None:
        """Register the start-up check."""
        register(later("decisions.plans.checks.check_plan_words"))
