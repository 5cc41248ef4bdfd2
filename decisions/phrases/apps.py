"""The app of phrases that a therapist keeps."""

from django.apps import AppConfig


class PhrasesConfig(AppConfig):
    """Sentences for reasoning and questions, written once and used by one press."""

    name = "decisions.phrases"
    label = "phrases"
    default_auto_field = "django.db.models.BigAutoField"
