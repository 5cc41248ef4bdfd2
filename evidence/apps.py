"""The evidence app."""

from django.apps import AppConfig


class EvidenceConfig(AppConfig):
    """Sources, what guidelines say, cautions, claims, and their releases."""

    name = "evidence"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Register the start-up checks, and what the guide leaves to do."""
        from evidence import checks  # noqa: F401, imported for what it registers
        from evidence.guide.to_do import guide_sentences
        from evidence.todo import register

        register(guide_sentences)
