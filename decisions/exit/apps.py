"""The app of what a clinic takes along."""

from django.apps import AppConfig


class ExitConfig(AppConfig):
    """Everything of a clinic as one file, its entering elsewhere, and bulk export."""

    name = "decisions.exit"
    label = "exit"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Register who is told, what `audit verify` checks as well, and what is forgotten."""
        from decisions.exit import chains, keeping, telling
        from decisions.exit.bulk import actions

        assert actions
        assert chains
        assert keeping
        assert telling
