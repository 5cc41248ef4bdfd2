"""The audit app."""

from django.apps import AppConfig


class AuditConfig(AppConfig):
    """Who did what, when, to which object: written once, never changed."""

    name = "kapnet.core.audit"
    label = "audit"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Registers the check."""
        from kapnet.core.audit import guards  # noqa: F401
