"""The patient's sheet: to read, and as a PDF to print. Neither takes anything of a patient."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from decisions.decision_aid.reading import SheetView, present_sheet
from decisions.decision_aid.rendering import sheet_pdf
from decisions.documents.decision_aid.loading import load_sheet, sheet_version
from decisions.letters.downloads import pdf_response
from decisions.pdf.pool import LetterCannotBeDrawnError
from evidence.queries import current_evidence
from kapnet.core.accounts.policies import require
from kapnet.core.web.rate_limits import limited
from kapnet.core.web.statuses import CONFLICT, UNAVAILABLE


@require("evidence.read")
@require_safe
def sheet(request: HttpRequest) -> HttpResponse:
    """The sheet as it stands in the newest release."""
    return _page(request, _view())


@require("evidence.read")
@limited("letter.draw")
@require_safe
def paper(request: HttpRequest) -> HttpResponse:
    """The sheet to print; the page with the reason where it may not or cannot be printed."""
    view = _view()
    if view.blocks:
        return _page(request, view, status=CONFLICT)
    try:
        pdf = sheet_pdf(view)
    except LetterCannotBeDrawnError:
        return _page(request, view, status=UNAVAILABLE)
    return pdf_response(pdf, f"options-after-tms-{sheet_version()}.pdf")


def _view() -> SheetView:
    return present_sheet(load_sheet(), current_evidence(), today=timezone.localdate())


def _page(request: HttpRequest, view: SheetView, *, status: int = 200) -> HttpResponse:
    context = {"page": view, "is_not_drawn": status == UNAVAILABLE}
    return render(request, "sheet/sheet.html", context, status=status)
