"""The app of emergency access."""

from django.apps import AppConfig


class EmergencyConfig(AppConfig):
    """Who read a case in an emergency, why, and who has looked at it since."""

    name = "decisions.emergency"
    label = "emergency"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Says how an access is told."""
        from decisions.emergency import alerts

        assert alerts
