"""The app of cases and decisions."""

from __future__ import annotations

from django.apps import AppConfig


class DecisionsConfig(AppConfig):
    """Tells the evidence app which rules cite a source; evidence knows nothing of rules."""

    name = "decisions"

    def ready(self) -> None:
        """Register the start-up checks and the rules as users of sources."""
        from decisions import (  # noqa: F401, imported for what they register
            checks,
            impact_queries,
            safety_mail,
            topics,
            unsupported,
            usage,
        )
