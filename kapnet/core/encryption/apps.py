"""What is kept in the database, unreadable without the keys of the installation."""

from django.apps import AppConfig


class AtRestConfig(AppConfig):
    """Encrypted fields, the index for searching them, and the keys."""

    name = "kapnet.core.encryption"
    label = "at_rest"

    def ready(self) -> None:
        """Register the checks, and keep messages of failed jobs out of the database."""
        from kapnet.core.encryption import checks, failed_jobs

        assert checks
        assert failed_jobs
