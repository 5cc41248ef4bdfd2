"""The app of replay and impact."""

from __future__ import annotations

from django.apps import AppConfig


class ReplayConfig(AppConfig):
    """What other rules or other evidence would have said of stored cases and decisions."""

    name = "decisions.replay"
    label = "replay"

    def ready(self) -> None:
        """Tell the evidence app what rests on an entry, and what a change of it does."""
        from decisions.replay import (  # noqa: F401, imported for what they register
            dependents,
            impact_queries,
        )
