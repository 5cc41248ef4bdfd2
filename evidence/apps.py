"""The evidence app."""

from django.apps import AppConfig


class EvidenceConfig(AppConfig):
    """Sources, what guidelines say, cautions, claims, and their releases."""

    name = "evidence"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Register the check of the dossier."""
        from evidence import checks

        assert checks
