"""The app of corrections to who a case is about."""

from django.apps import AppConfig


class PatientConfig(AppConfig):
    """Who a case is about, corrected with a reason, and how to speak with them."""

    name = "decisions.patient"
    label = "patient"
    default_auto_field = "django.db.models.BigAutoField"
