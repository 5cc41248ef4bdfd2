"""Checks for retractions in the desk of the evidence admins: read only."""

from __future__ import annotations

from django.contrib import admin
from django.db.models import Model
from django.http import HttpRequest

from evidence.curation.admin_pages import ForEvidenceAdmins
from evidence.retractions.models import RetractionCheck


@admin.register(RetractionCheck)
class RetractionCheckAdmin(ForEvidenceAdmins, admin.ModelAdmin):  # type: ignore[type-arg]
    """Every check that was made, the newest first."""

    list_display = ("source_key", "outcome", "is_complete", "notice", "checked_at", "checked_by")
    list_filter = ("outcome", "is_complete", "checked_by")
    search_fields = ("source_key", "doi")
    list_per_page = 50

    def has_add_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Nobody by hand: the command makes them."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Nobody: a check is what it was."""
        return False
