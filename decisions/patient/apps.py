"""The app of corrections to who a case is about."""

from django.apps import AppConfig


class PatientConfig(AppConfig):
    """Name, date of birth and reference of a case, corrected with a reason."""

    name = "decisions.patient"
    label = "patient"
    default_auto_field = "django.db.models.BigAutoField"
