"""The directory app."""

from django.apps import AppConfig


class DirectoryConfig(AppConfig):
    """Clinicians and services to whom letters go, as each clinic knows them."""

    name = "kapnet.core.directory"
    label = "directory"
    default_auto_field = "django.db.models.BigAutoField"
