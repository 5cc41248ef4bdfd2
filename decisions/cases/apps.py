"""The app of cases and decisions."""

from __future__ import annotations

from django.apps import AppConfig
from django.core.checks import Tags, register

from kapnet.core.later import later


class DecisionsConfig(AppConfig):
    """Tells the evidence app which rules cite a source; evidence knows nothing of rules."""

    name = "decisions.cases"
    label = "decisions"

    def ready(self) -> None:
        """Register the start-up checks and the rules as users of sources."""
        from decisions.cases.due.safety import safety_tasks_due
        from decisions.cases.due.things import tells_due
        from decisions.cases.safety import (  # noqa: F401, imported for what they register
            mail,
            unopened,
        )
        from evidence.hook_points import TO_DO, TOPICS, USES

        register(later("decisions.cases.checks.check_editions"))
        register(later("decisions.cases.checks.check_words_of_editions"))
        register(later("decisions.cases.checks.check_released_editions"), Tags.database)
        USES.register(later("decisions.cases.evidence_hooks.rules_citing"))
        TOPICS.register(later("decisions.cases.evidence_hooks.topics_of_edition"))
        TO_DO.register(later("decisions.cases.evidence_hooks.rules_without_support"))
        tells_due(safety_tasks_due)
