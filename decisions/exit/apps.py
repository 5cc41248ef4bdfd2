"""The app of what a clinic takes along."""

from django.apps import AppConfig

from kapnet.core.later import later


class ExitConfig(AppConfig):
    """Everything of a clinic as one file, its entering elsewhere, and bulk export."""

    name = "decisions.exit"
    label = "exit"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Register who is told, what `audit verify` checks as well, and what is forgotten."""
        from decisions.exit import telling  # noqa: F401, imported for what it registers
        from kapnet.core.audit.verifying import also_check
        from kapnet.core.background.pruning import prunes

        also_check(later("decisions.exit.chains.closed_chains_that_broke"))
        prunes(later("decisions.exit.keeping.forget_old_exits"))
        prunes(later("decisions.exit.bulk.actions.forget_old_jobs"))
