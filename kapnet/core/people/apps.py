"""The app of clinics and their people."""

from django.apps import AppConfig


class ClinicsConfig(AppConfig):
    """Clinics, people and their roles."""

    name = "kapnet.core.people"
    label = "clinics"
    default_auto_field = "django.db.models.BigAutoField"
