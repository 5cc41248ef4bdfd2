"""The clinics app."""

from django.apps import AppConfig
from django.db.backends.signals import connection_created
from django.db.models.signals import post_migrate


class ClinicsConfig(AppConfig):
    """Clinics, people, their roles and what follows from them."""

    name = "kapnet.clinics"
    label = "clinics"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Listen to sign-in and sign-out, and let PostgreSQL wall each clinic off."""
        from kapnet.clinics import checks, owner_acts, receivers, row_security, therapists

        assert checks
        assert owner_acts
        assert receivers
        assert therapists
        connection_created.connect(row_security.listen_to_scope)
        post_migrate.connect(row_security.raise_walls_after_migrating, sender=self)
