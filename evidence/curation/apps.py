"""Curating the evidence: changes that two persons make, and the releases they end in."""

from __future__ import annotations

from django.apps import AppConfig


class CurationConfig(AppConfig):
    name = "evidence.curation"
    label = "curation"
    verbose_name = "Curation"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Says whom it tells, and what waits for whom."""
        from evidence.curation import notices

        assert notices
