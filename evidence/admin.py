"""Curation: evidence admins correct and retract; every change makes a release of its own."""

from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse

from evidence.actions import publish_release, restore_source, retract_sources
from evidence.admin_forms import PositionForm, RetractionForm, SourceForm
from evidence.models import (
    Caution,
    CautionSource,
    Claim,
    ClaimSource,
    Position,
    Release,
    Result,
    Source,
)
from evidence.oddities import odd_numbers
from evidence.rows import fingerprint, source_of


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


class CuratedAdmin(ForEvidenceAdmins, admin.ModelAdmin):  # type: ignore[type-arg]
    """An entry whose key stays once given, and whose change is a release."""

    list_per_page = 50

    def get_readonly_fields(self, request: HttpRequest, obj: Model | None = None) -> Any:
        """The key of an entry never changes."""
        fixed = super().get_readonly_fields(request, obj)
        return (*fixed, self.opts.pk.name) if obj and self.opts.pk else fixed

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        """After everything is saved: release it, and say under which name."""
        super().save_related(request, form, formsets, change)
        verb = "Changed" if change else "Added"
        kind = self.opts.verbose_name
        release = publish_release(notes=f"{verb} in curation: {kind} {form.instance.pk}.")
        if release:
            messages.info(
                request, f"This is evidence release {release.name}. New decisions use it."
            )


class ResultInline(LinesOfEvidenceAdmins, admin.StackedInline):  # type: ignore[type-arg]
    """The numbers of a source, as printed."""

    model = Result
    extra = 1
    fields = (
        ("measure", "arm", "timepoint"),
        ("value", "sd", "unit"),
        ("value_low", "value_high", "value_text"),
        ("events", "total"),
        ("ci_low", "ci_high", "p"),
        "note",
    )


@admin.register(Source)
class SourceAdmin(CuratedAdmin):
    """Sources with their numbers."""

    form = SourceForm
    inlines = (ResultInline,)
    list_display = ("key", "kind", "year", "certainty", "verified", "is_retracted", "origin")
    list_filter = ("kind", "certainty", "verified", ("retracted_at", admin.EmptyFieldListFilter))
    search_fields = ("key", "title", "short_name", "findings", "doi")
    readonly_fields = ("retracted_at", "retraction_reason")
    actions = ("retract", "restore")
    fieldsets = (
        (None, {"fields": ("key", "kind", "short_name", "title", "authors", "year")}),
        (
            "Where",
            {"fields": ("journal", "volume", "issue", "pages", "doi", "pmid", "pmcid", "url")},
        ),
        ("What was studied", {"fields": ("population", "n", "intervention", "comparator")}),
        ("What came out", {"fields": ("findings", "adverse_events", "limitations", "bears_on")}),
        (
            "How much to trust it",
            {"fields": ("certainty", "certainty_why", "verified", "checked_at", "note")},
        ),
        ("Retraction", {"fields": ("retracted_at", "retraction_reason")}),
    )

    @admin.display(boolean=True, description="retracted")
    def is_retracted(self, source: Source) -> bool:
        """Whether it supports nothing any more."""
        return source.retracted_at is not None

    @admin.display(description="origin")
    def origin(self, source: Source) -> str:
        """Where its content is from: loading never overwrites what was changed here."""
        if not source.dossier_sha256:
            return "added here"
        is_as_loaded = fingerprint(source_of(source)) == source.dossier_sha256
        return "as in the dossier" if is_as_loaded else "changed here"

    def get_queryset(self, request: HttpRequest) -> QuerySet[Source]:
        """With the numbers, which belong to the content."""
        return super().get_queryset(request).prefetch_related("results")

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        """Warn of odd numbers; they stand as printed."""
        super().save_related(request, form, formsets, change)
        saved = Source.objects.prefetch_related("results").get(pk=form.instance.pk)
        for sentence in odd_numbers(source_of(saved)):
            messages.warning(request, f"Saved as printed, and odd: {sentence}.")

    @admin.action(description="Retract: supports nothing any more", permissions=["change"])
    def retract(self, request: HttpRequest, queryset: QuerySet[Source]) -> HttpResponse | None:
        """Ask for the reason, then retract."""
        form = RetractionForm(request.POST if "reason" in request.POST else None)
        if form.is_valid():
            retract_sources(sources=list(queryset), reason=form.cleaned_data["reason"])
            messages.success(request, f"Retracted: {', '.join(one.key for one in queryset)}.")
            return None
        context = {
            **self.admin_site.each_context(request),
            "title": "Retract",
            "opts": self.opts,
            "form": form,
            "sources": queryset,
        }
        return TemplateResponse(request, "evidence/admin_retract.html", context)

    @admin.action(description="Take a retraction back", permissions=["change"])
    def restore(self, request: HttpRequest, queryset: QuerySet[Source]) -> None:
        """The retraction was an error."""
        for source in queryset.filter(retracted_at__isnull=False):
            restore_source(source=source)
            messages.success(request, f"No longer retracted: {source.key}.")


@admin.register(Position)
class PositionAdmin(CuratedAdmin):
    """What guidelines say."""

    form = PositionForm
    list_display = ("id", "organisation", "year", "treatment", "stance", "line", "verified")
    list_filter = ("treatment", "stance", "line", "verified")
    search_fields = ("id", "organisation", "indication", "statement")


class CautionSourceInline(LinesOfEvidenceAdmins, admin.TabularInline):  # type: ignore[type-arg]
    """The sources of a caution."""

    model = CautionSource
    extra = 1


@admin.register(Caution)
class CautionAdmin(CuratedAdmin):
    """Contraindications, reviews, precautions and interactions."""

    inlines = (CautionSourceInline,)
    list_display = ("key", "applies_to", "strength", "verified")
    list_filter = ("applies_to", "strength", "verified")
    search_fields = ("key", "condition", "why")


class ClaimSourceInline(LinesOfEvidenceAdmins, admin.TabularInline):  # type: ignore[type-arg]
    """The sources that a claim is held against."""

    model = ClaimSource
    extra = 1


@admin.register(Claim)
class ClaimAdmin(CuratedAdmin):
    """Published claims."""

    inlines = (ClaimSourceInline,)
    list_display = ("id", "status", "source")
    list_filter = ("status",)
    search_fields = ("id", "claim", "why")


@admin.register(Release)
class ReleaseAdmin(ForEvidenceAdmins, admin.ModelAdmin):  # type: ignore[type-arg]
    """Releases, newest first. Read only: loading and curation make them."""

    list_display = ("name", "loaded_at", "source_count", "position_count", "sha256", "notes")

    def has_add_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Nobody by hand."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Nobody: a release is what it was."""
        return False
