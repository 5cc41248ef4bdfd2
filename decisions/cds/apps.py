"""The app that other record systems ask for advice."""

from django.apps import AppConfig
from django.core.checks import register

from kapnet.core.later import later


class CdsConfig(AppConfig):
    """CDS Hooks 2.0: cards, and what became of them. Nothing of a patient is kept."""

    name = "decisions.cds"
    label = "cds"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Check the words of the edition; remove what has been kept long enough."""
        from kapnet.core.background.pruning import prunes

        register(later("decisions.cds.checks.check_hook_words"))
        prunes(later("decisions.cds.keeping.remove_old"))
