"""The app of treatment history."""

from django.apps import AppConfig
from django.core.checks import register

from kapnet.core.later import later


class HistoryConfig(AppConfig):
    """What the patient of a case was treated with before, row by row."""

    name = "decisions.treatment_history"
    label = "history"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Let the medicines of a case propose answers, and check the lists of medicines."""
        from decisions.cases.told import CHANGED_ROWS, proposes_answers
        from decisions.cases.told import register as tell

        register(later("decisions.treatment_history.checks.check_medicine_lists"))
        tell(CHANGED_ROWS, later("decisions.treatment_history.changed_rows.rows_changed_since"))
        proposes_answers(later("decisions.treatment_history.medicine_lists.propose"))
