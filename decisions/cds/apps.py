"""The app that other record systems ask for advice."""

from django.apps import AppConfig


class CdsConfig(AppConfig):
    """CDS Hooks 2.0: cards, and what became of them. Nothing of a patient is kept."""

    name = "decisions.cds"
    label = "cds"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Check the words of the edition; remove what has been kept long enough."""
        from decisions.cds import checks  # noqa: F401, imported for what it registers
        from decisions.cds.keeping import remove_old
        from kapnet.core.background.pruning import prunes

        prunes(remove_old)
