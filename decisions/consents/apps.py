"""The app of consents."""

from django.apps import AppConfig


class ConsentsConfig(AppConfig):
    """What patients signed about sharing, and where answers on substance use come from."""

    name = "decisions.consents"
    label = "consents"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Say what a consent holds back."""
        from decisions.consents import holds  # noqa: F401, imported for what it registers
