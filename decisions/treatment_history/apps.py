"""The app of treatment history."""

from django.apps import AppConfig


class HistoryConfig(AppConfig):
    """What the patient of a case was treated with before, row by row."""

    name = "decisions.treatment_history"
    label = "history"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Let the medicines of a case propose answers, and check the lists of medicines."""
        from decisions.cases.proposals import register
        from decisions.treatment_history import checks  # noqa: F401, imported for what it registers
        from decisions.treatment_history.medicine_lists import propose

        register(propose)
