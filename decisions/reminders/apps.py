"""The app of what is due."""

from django.apps import AppConfig


class RemindersConfig(AppConfig):
    """Shows what is due, and reminds of it at night."""

    name = "decisions.reminders"
    label = "reminders"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Says how a reminder is told."""
        from decisions.reminders import telling  # noqa: F401, imported for what it registers
