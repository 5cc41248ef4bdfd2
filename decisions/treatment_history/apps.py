"""The app of treatment history."""

from django.apps import AppConfig


class HistoryConfig(AppConfig):
    """What the patient of a case was treated with before, row by row."""

    name = "decisions.treatment_history"
    label = "history"
    default_auto_field = "django.db.models.BigAutoField"
