"""The working copy of the evidence, as evidence admins write it: each change is a draft first."""

from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.db.models import Model, QuerySet
from django.http import HttpRequest

from evidence.curation.admin_pages import ForEvidenceAdmins, LinesOfEvidenceAdmins
from evidence.curation.curated_admin import CuratedAdmin
from evidence.curation.entry_forms import (
    CautionForm,
    ClaimForm,
    PositionForm,
    SourceForm,
)
from evidence.curation.result_forms import AS_PRINTED, ResultForm, ResultFormSet
from evidence.domain.oddities import odd_numbers
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
from evidence.rows import fingerprint, source_of


class ResultInline(LinesOfEvidenceAdmins, admin.StackedInline):  # type: ignore[type-arg]
    """The numbers of a source, as printed."""

    model = Result
    form, formset = ResultForm, ResultFormSet
    extra = 1
    fields = (
        ("measure", "arm", "timepoint"),
        ("value", "sd", "unit"),
        ("value_low", "value_high", "value_text"),
        ("events", "total"),
        ("ci_low", "ci_high", "p", "n"),
        "note",
    )


@admin.register(Source)
class SourceAdmin(CuratedAdmin):
    """Sources with their numbers."""

    form = SourceForm
    inlines = (ResultInline,)
    why = ("reason", "was_read", AS_PRINTED)
    list_display = ("key", "kind", "year", "certainty", "verified", "state", "origin")
    list_filter = ("kind", "certainty", "verified", "withdrawn_as")
    search_fields = ("key", "title", "short_name", "findings", "doi")
    readonly_fields = ("withdrawn_as", "withdrawn_on", "withdrawal_reason")
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
            {
                "fields": (
                    "certainty",
                    "certainty_why",
                    "certainty_reasons",
                    "funding",
                    "conflicts",
                    "includes_tms_responders",
                    "verified",
                    "checked_at",
                    "review_by",
                    "valid_until",
                    "doubts",
                    "note",
                )
            },
        ),
        ("Withdrawal", {"fields": ("withdrawn_as", "withdrawn_on", "withdrawal_reason")}),
    )

    @admin.display(description="origin")
    def origin(self, source: Source) -> str:
        """Where its content is from: loading never overwrites what was changed here."""
        if not source.dossier_sha256:
            return "added here"
        is_as_loaded = fingerprint(source_of(source)) == source.dossier_sha256
        return "as in the dossier" if is_as_loaded else "changed here"

    def get_queryset(self, request: HttpRequest) -> QuerySet[Source]:
        """With the numbers, which belong to the content."""
        rows: QuerySet[Source] = super().get_queryset(request)
        return rows.prefetch_related("results")

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        """Warn of odd numbers; they stand as printed."""
        super().save_related(request, form, formsets, change)
        saved = Source.objects.prefetch_related("results").get(pk=form.instance.pk)
        for sentence in odd_numbers(source_of(saved)):
            messages.warning(request, f"Saved as printed, and odd: {sentence}.")


@admin.register(Position)
class PositionAdmin(CuratedAdmin):
    """What guidelines say."""

    form = PositionForm
    list_display = (
        "id",
        "organisation",
        "year",
        "treatment",
        "stance",
        "line",
        "verified",
        "state",
    )
    list_filter = ("treatment", "stance", "line", "verified")
    search_fields = ("id", "organisation", "indication", "statement")


class CautionSourceInline(LinesOfEvidenceAdmins, admin.StackedInline):  # type: ignore[type-arg]
    """The sources of a caution."""

    model = CautionSource
    extra = 1


@admin.register(Caution)
class CautionAdmin(CuratedAdmin):
    """Contraindications, reviews, precautions and interactions."""

    form = CautionForm
    inlines = (CautionSourceInline,)
    list_display = ("key", "applies_to", "strength", "verified", "state")
    list_filter = ("applies_to", "strength", "verified")
    search_fields = ("key", "condition", "why")


class ClaimSourceInline(LinesOfEvidenceAdmins, admin.StackedInline):  # type: ignore[type-arg]
    """The sources that a claim is held against."""

    model = ClaimSource
    extra = 1


@admin.register(Claim)
class ClaimAdmin(CuratedAdmin):
    """Published claims."""

    form = ClaimForm
    inlines = (ClaimSourceInline,)
    list_display = ("id", "status", "source", "state")
    list_filter = ("status",)
    search_fields = ("id", "claim", "why")


@admin.register(Release)
class ReleaseAdmin(ForEvidenceAdmins, admin.ModelAdmin):  # type: ignore[type-arg]
    """Releases, newest first. Read only: loading and curation make them."""

    exclude = ("content",)
    list_display = (
        "name",
        "published_at",
        "author",
        "approver",
        "source_count",
        "position_count",
        "sha256",
        "notes",
    )

    def has_add_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Nobody by hand."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Nobody: a release is what it was."""
        return False
