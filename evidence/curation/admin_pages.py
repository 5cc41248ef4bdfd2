"""What the pages of the curators' desk share."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import Model
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse

from evidence.curation.entry_admin import ForEvidenceAdmins


class ReadByName(ForEvidenceAdmins, admin.ModelAdmin):  # type: ignore[type-arg]
    """Things that are made by steps and never by filling in a form."""

    def has_add_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Nobody by hand."""
        return False

    def page(self, request: HttpRequest, template: str, **context: Any) -> HttpResponse:
        """A page of the admin."""
        whole = {**self.admin_site.each_context(request), "opts": self.opts, **context}
        return TemplateResponse(request, template, whole)
