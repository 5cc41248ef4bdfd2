"""Importing references: upload, look at every row, confirm. Each person sees their own."""

from __future__ import annotations

from http import HTTPStatus
from uuid import UUID

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from evidence.curation.import_forms import (
    FillForm,
    MappingForm,
    ReasonForm,
    UploadForm,
    filled,
    lines_of,
    problems_of,
)
from evidence.curation.importing import (
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
from kapnet.core.people.requests import SignedInRequest

MOST_SHOWN = 20
NOT_ALL = "Nothing was imported: look at what is marked below."
FORMATS = {
    Format.RIS: "RIS",
    Format.BIBTEX: "BibTeX",
    Format.NBIB: "PubMed nbib",
    Format.PUBMED_XML: "PubMed XML",
    Format.CSL_JSON: "CSL-JSON",
    Format.CSV: "CSV",
}


def _own(request: SignedInRequest) -> QuerySet[ImportFile]:
    return ImportFile.objects.filter(uploaded_by=request.user)


@require("evidence.curate")
@require_http_methods(["GET", "POST"])
def imports(request: SignedInRequest) -> HttpResponse:
    """Upload a file; one's imports so far."""
    is_post = request.method == "POST"
    form = UploadForm(request.POST, request.FILES) if is_post else UploadForm()
    if is_post and form.is_valid():
        file = form.cleaned_data["file"]
        try:
            # One byte past the limit is enough to refuse it; no more is taken into memory.
            content = file.read(MAX_BYTES + 1)
            kept = keep_upload(name=file.name, content=content, by=request.user)
        except FileRefused as refused:
            form.add_error("file", str(refused))
        else:
            return redirect("curation:import", kept.pk)
    context = {"form": form, "imports": _own(request).defer("content")[:MOST_SHOWN]}
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
    return render(request, "evidence/curation/imports.html", context, status=status)


@require("evidence.curate")
@require_http_methods(["GET", "POST"])
def import_file(request: SignedInRequest, import_id: UUID) -> HttpResponse:
    """What a file would become, or what became of it."""
    kept = get_or_404(
        request,
        _own(request),
        action="evidence_import.read",
        object_type="evidence_import",
        pk=import_id,
    )
    if kept.finished_at:
        return render(request, "evidence/curation/import_done.html", {"kept": kept})
    if request.method != "POST":
        return _rows(request, kept)
    if "map" in request.POST:
        return _map(request, kept)
    if "fill" in request.POST:
        return _fill(request, kept)
    return _import(request, kept)


def _map(request: SignedInRequest, kept: ImportFile) -> HttpResponse:
    read = preview(kept).read
    form = MappingForm(request.POST, headers=read.headers, mapping=read.mapping)
    try:
        if not form.is_valid():
            raise FileRefused("Choose a field of the list for each column. Nothing was changed.")
        map_columns(kept=kept, mapping=form.mapping)
    except FileRefused as refused:
        messages.error(request, str(refused))
    return redirect("curation:import", kept.pk)


def _fill(request: SignedInRequest, kept: ImportFile) -> HttpResponse:
    """Give the rows without a kind the same one; nothing is imported."""
    form = FillForm(request.POST)
    if not form.is_valid():
        return _rows(request, kept, fill=form)
    return _rows(request, kept, data=filled(request.POST, form.cleaned_data["all_kind"]))


def _import(request: SignedInRequest, kept: ImportFile) -> HttpResponse:
    shown, reason = preview(kept), ReasonForm(request.POST)
    lines = lines_of(shown, request.POST)
    forms = [line.form for line in lines if line.form]
    if not all([*(form.is_valid() for form in forms), reason.is_valid()]):
        return _rows(request, kept, data=request.POST, reason=reason, refusal=NOT_ALL)
    chosen = [one for form in forms if (one := form.chosen)]
    try:
        import_rows(kept=kept, chosen=chosen, by=request.user, reason=reason.cleaned_data["reason"])
    except ImportRefused as refused:
        rows = dict(refused.rows)
        return _rows(
            request, kept, data=request.POST, reason=reason, refusal=str(refused), rows=rows
        )
    messages.success(request, "The drafts are made. Nobody has read them yet.")
    return redirect("curation:import", kept.pk)


def _rows(
    request: SignedInRequest,
    kept: ImportFile,
    *,
    data: object = None,
    reason: ReasonForm | None = None,
    refusal: str = "",
    rows: dict[int, str] | None = None,
    fill: FillForm | None = None,
) -> HttpResponse:
    """The rows with what was typed. rows: what is wrong with which, besides its fields."""
    shown = preview(kept)
    lines = lines_of(shown, data, rows or {})
    said = request.POST.get("reason", "")
    context = {
        "kept": kept,
        "read": shown.read,
        "format": FORMATS[shown.read.format],
        "lines": lines,
        "refusal": refusal,
        "problems": problems_of(lines, reason) if refusal else [],
        "reason": reason or ReasonForm(initial={"reason": said}),
        "columns": MappingForm(headers=shown.read.headers, mapping=shown.read.mapping),
        "fill": fill or FillForm(),
        "lacks_kind": any(one.lacks_kind for one in lines),
    }
    is_wrong = bool(refusal or (fill and fill.errors))
    status = HTTPStatus.UNPROCESSABLE_ENTITY if is_wrong else HTTPStatus.OK
    return render(request, "evidence/curation/import_rows.html", context, status=status)
