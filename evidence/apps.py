"""The evidence app."""

from django.apps import AppConfig
from django.core.checks import register

from kapnet.core.later import later


class EvidenceConfig(AppConfig):
    """Sources, what guidelines say, cautions, claims, and their releases."""

    name = "evidence"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Register the start-up checks, what the guide leaves to do, and the search index."""
        from evidence.hook_points import TO_DO
        from evidence.signals import release_published

        register(later("evidence.guide.checks.check_dossier"))
        register(later("evidence.guide.checks.check_guide"))
        TO_DO.register(later("evidence.guide.to_do.guide_sentences"))
        index = later("evidence.search.search_index.index_release")
        release_published.connect(index, dispatch_uid="search index")
