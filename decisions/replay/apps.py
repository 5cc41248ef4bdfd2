"""The app of replay and impact."""

from __future__ import annotations

from django.apps import AppConfig

from kapnet.core.later import later


class ReplayConfig(AppConfig):
    """What other rules or other evidence would have said of stored cases and decisions."""

    name = "decisions.replay"
    label = "replay"

    def ready(self) -> None:
        """Tell the evidence app what rests on an entry, and what a change of it does."""
        from evidence.hook_points import EDITIONS, IMPACT, RESTING

        RESTING.register(later("decisions.replay.dependents.resting"))
        IMPACT.register(later("decisions.replay.impact_queries.impact"))
        EDITIONS.register(later("decisions.replay.impact_queries.editions_now"))
