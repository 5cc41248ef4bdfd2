"""The app of emergency access."""

from django.apps import AppConfig


class EmergencyConfig(AppConfig):
    """Who read a case in an emergency, why, and who has looked at it since."""

    name = "decisions.emergency"
    label = "emergency"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Say how an access is told, and what it holds back."""
        from decisions.emergency import alerts, holds  # noqa: F401, for what they register
