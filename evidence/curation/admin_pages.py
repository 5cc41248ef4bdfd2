"""What the pages of the curators' desk share."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import Model
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse


class ForEvidenceAdmins:
    """Evidence admins see and do; nobody deletes what a rule or a letter may cite."""

    def has_module_permission(self, request: HttpRequest) -> bool:
        """Whether the evidence shows up at all."""
        return _may_curate(request)

    def has_view_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Evidence admins only."""
        return _may_curate(request)

    def has_add_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Evidence admins only."""
        return _may_curate(request)

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Evidence admins only."""
        return _may_curate(request)

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Nobody: a source is retracted, never removed."""
        return False


class LinesOfEvidenceAdmins(ForEvidenceAdmins):
    """Parts of an entry, which may be removed from it."""

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Evidence admins only."""
        return _may_curate(request)


def _may_curate(request: HttpRequest) -> bool:
    return bool(request.user.is_active and getattr(request.user, "is_evidence_admin", False))


class ReadByName(ForEvidenceAdmins, admin.ModelAdmin):  # type: ignore[type-arg]
    """Things that are made by steps and never by filling in a form."""

    def has_add_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Nobody by hand."""
        return False

    def page(self, request: HttpRequest, template: str, **context: Any) -> HttpResponse:
        """A page of the admin."""
        whole = {**self.admin_site.each_context(request), "opts": self.opts, **context}
        return TemplateResponse(request, template, whole)
