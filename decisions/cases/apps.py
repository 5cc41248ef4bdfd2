"""The app of cases and decisions."""

from __future__ import annotations

from django.apps import AppConfig


class DecisionsConfig(AppConfig):
    """Tells the evidence app which rules cite a source; evidence knows nothing of rules."""

    name = "decisions.cases"
    label = "decisions"

    def ready(self) -> None:
        """Register the start-up checks and the rules as users of sources."""
        from decisions.cases import checks, evidence_hooks  # noqa: F401, for what they register
        from decisions.cases.due.safety import safety_tasks_due
        from decisions.cases.due.things import tells_due
        from decisions.cases.safety import (  # noqa: F401, imported for what they register
            mail,
            unopened,
        )

        tells_due(safety_tasks_due)
