"""The clinics app."""

from django.apps import AppConfig


class ClinicsConfig(AppConfig):
    """Clinics, people, their roles and what follows from them."""

    name = "kapnet.clinics"
    label = "clinics"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Listen to sign-in and sign-out."""
        from kapnet.clinics import receivers

        assert receivers
