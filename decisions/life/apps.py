"""The app of what happens to a case as a whole."""

from django.apps import AppConfig

from kapnet.core.later import later


class LifeConfig(AppConfig):
    """A case is closed, reopened, handed over to a colleague and copied into a new episode."""

    name = "decisions.life"
    label = "life"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Say which numbers are taken by cases that are gone, and what is told."""
        from decisions.cases.told import DELETED_NUMBERS, register
        from decisions.life import telling  # noqa: F401, imported for what it registers

        register(DELETED_NUMBERS, later("decisions.life.queries.highest_deleted_number"))
