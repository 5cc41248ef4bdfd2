"""The evidence app."""

from django.apps import AppConfig


class EvidenceConfig(AppConfig):
    """Sources, what guidelines say, cautions, claims, and their releases."""

    name = "evidence"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Register the start-up checks, what the guide leaves to do, and the search index."""
        from evidence.guide import checks  # noqa: F401, imported for what it registers
        from evidence.guide.to_do import guide_sentences
        from evidence.hooks import TO_DO
        from evidence.search.search_index import index_release
        from evidence.signals import release_published

        TO_DO.register(guide_sentences)
        release_published.connect(index_release, dispatch_uid="search index")
