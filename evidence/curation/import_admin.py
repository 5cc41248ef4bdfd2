"""Importing references in the admin: upload, look at every row, confirm."""

from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from evidence.curation.admin_pages import ReadByName
from evidence.curation.import_forms import MappingForm, ReasonForm, UploadForm, lines_of
from evidence.curation.importing import (
    Chosen,
    ImportRefused,
    import_rows,
    keep_upload,
    map_columns,
    preview,
)
from evidence.curation.models import ImportFile
from evidence.exchange.reading import Format
from evidence.exchange.work import MAX_BYTES, FileRefused
from kapnet.core.accounts.policies import require
from kapnet.core.accounts.shortcuts import get_or_404

FORMATS = {
    Format.RIS: "RIS",
    Format.BIBTEX: "BibTeX",
    Format.NBIB: "PubMed nbib",
    Format.PUBMED_XML: "PubMed XML",
    Format.CSL_JSON: "CSL-JSON",
    Format.CSV: "CSV",
}


@admin.register(ImportFile)
class ImportFileAdmin(ReadByName):
    """Imports of references; each person sees their own."""

    list_display = ("name", "uploaded_at", "finished_at", "count")
    exclude = ("content",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[ImportFile]:
        """One's own, without the bytes."""
        own: QuerySet[ImportFile] = super().get_queryset(request).defer("content")
        return own.filter(uploaded_by=request.user.pk)

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Evidence admins import."""
        return self.has_view_permission(request)

    def add_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Upload a file."""
        return _upload(request, self)

    def change_view(
        self, request: HttpRequest, object_id: str, *args: Any, **kwargs: Any
    ) -> HttpResponse:
        """What a file would become, or what became of it."""
        return _import(request, self, object_id)

    @admin.display(description="sources made")
    def count(self, row: ImportFile) -> int:
        """How many sources it became."""
        return len(row.keys)


def _page_of(kept: ImportFile) -> HttpResponseRedirect:
    return HttpResponseRedirect(reverse("admin:curation_importfile_change", args=[kept.pk]))


@require("evidence.curate")
def _upload(request: HttpRequest, site: ReadByName) -> HttpResponse:
    form = UploadForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        try:
            # One byte past the limit is enough to refuse it; no more is taken into memory.
            kept = keep_upload(name=file.name, content=file.read(MAX_BYTES + 1), by=request.user)  # type: ignore[arg-type]
        except FileRefused as refused:
            form.add_error("file", str(refused))
        else:
            return _page_of(kept)
    title = "Import references"
    return site.page(request, "evidence/curation/import_upload.html", title=title, form=form)


@require("evidence.curate")
def _import(request: HttpRequest, site: ReadByName, object_id: str) -> HttpResponse:
    own = ImportFile.objects.filter(uploaded_by=request.user.pk)
    kept = get_or_404(
        request, own, action="evidence_import.read", object_type="evidence_import", pk=object_id
    )
    if kept.finished_at:
        return site.page(request, "evidence/curation/import_done.html", title="Imported", kept=kept)
    if "map" in request.POST:
        return _map(request, site, kept)
    return _rows(request, site, kept)


def _map(request: HttpRequest, site: ReadByName, kept: ImportFile) -> HttpResponse:
    read = preview(kept).read
    form = MappingForm(request.POST, headers=read.headers, mapping=read.mapping)
    try:
        if not form.is_valid():
            raise FileRefused("Choose a field of the list for each column. Nothing was changed.")
        map_columns(kept=kept, mapping=form.mapping)
    except FileRefused as refused:
        messages.error(request, str(refused))
    return _page_of(kept)


def _rows(request: HttpRequest, site: ReadByName, kept: ImportFile) -> HttpResponse:
    data = request.POST if request.method == "POST" else None
    shown, problems, refusal = preview(kept), {}, ""
    lines, reason = lines_of(shown, data), ReasonForm(data)
    forms = [line.form for line in lines if line.form]
    if data is not None and all([*(form.is_valid() for form in forms), reason.is_valid()]):
        chosen = [one for form in forms if (one := form.chosen)]
        try:
            return _imported(request, kept, chosen, reason.cleaned_data["reason"])
        except ImportRefused as refused:
            refusal, problems = str(refused), dict(refused.rows)
            lines = lines_of(shown, data, problems)
    elif data is not None:
        refusal = "Nothing was imported: look at what is marked below."
    return site.page(
        request,
        "evidence/curation/import_rows.html",
        title=f"Import {kept.name}",
        kept=kept,
        format=FORMATS[shown.read.format],
        lines=lines,
        begun=shown.read.begun,
        unread=shown.read.unread,
        refusal=refusal,
        reason=reason,
        columns=MappingForm(headers=shown.read.headers, mapping=shown.read.mapping),
    )


def _imported(
    request: HttpRequest, kept: ImportFile, chosen: list[Chosen], reason: str
) -> HttpResponse:
    keys = import_rows(kept=kept, chosen=chosen, by=request.user, reason=reason)  # type: ignore[arg-type]
    messages.success(request, f"{len(keys)} drafts made. Nothing rests on them before a release.")
    return _page_of(kept)
