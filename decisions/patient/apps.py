"""The app of corrections to who a case is about."""

from django.apps import AppConfig


class PatientConfig(AppConfig):
    """Who a case is about, corrected with a reason, and how to speak with them."""

    name = "decisions.patient"
    label = "patient"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Says to the pages of a case and to letters how to speak with its patient."""
        from decisions.cases import told
        from decisions.patient.queries import needs_of

        told.register(told.NEEDS, needs_of)
