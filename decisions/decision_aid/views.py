"""The patient's sheet: two pages, and the long one behind them; to read, and as PDFs to print.

Neither takes anything of a patient. Which options were discussed is marked on the paper alone.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.safestring import mark_safe
from django.views.decorators.http import require_safe

from decisions.decision_aid.keeping import keep
from decisions.decision_aid.reading import SheetView, present_sheet
from decisions.decision_aid.rendering import draw_sheet, draw_short
from decisions.decision_aid.short_reading import ShortView, present_short
from decisions.documents.decision_aid.loading import load_sheet, sheet_version
from decisions.documents.decision_aid.short_loading import ENGLISH, FILES, load_short
from decisions.letters.downloads import pdf_response
from decisions.pdf.pool import LetterCannotBeDrawnError
from evidence.queries import current_evidence
from kapnet.core.accounts.policies import require
from kapnet.core.web.rate_limits import limited
from kapnet.core.web.statuses import CONFLICT, UNAVAILABLE

LONG = "long"


class Kept(NamedTuple):
    """A page of the sheet without what is around it. blocks: why it cannot be printed."""

    article: str
    blocks: tuple[str, ...]


@require("evidence.read")
@require_safe
def sheet(request: HttpRequest, language: str = ENGLISH) -> HttpResponse:
    """The two pages of the newest release."""
    return _page(request, _known(language))


@require("evidence.read")
@limited("letter.draw")
@require_safe
def paper(request: HttpRequest, language: str = ENGLISH) -> HttpResponse:
    """The two pages to print, with the options that were discussed marked."""
    names = load_short(_known(language)).options
    discussed = [one for one in names if one in request.GET.getlist("discussed")]

    def draw() -> bytes | None:
        view = _short(language, discussed)
        return None if view.blocks else draw_short(view)

    name = f"two-pages-after-tms-{sheet_version()}-{language}"
    return _paper(request, language, f"{language}:{','.join(discussed)}", draw, name)


@require("evidence.read")
@require_safe
def long_sheet(request: HttpRequest) -> HttpResponse:
    """The long sheet of the newest release."""
    return _page(request, LONG)


@require("evidence.read")
@limited("letter.draw")
@require_safe
def long_paper(request: HttpRequest) -> HttpResponse:
    """The long sheet to print; the page with the reason where it may not or cannot be printed."""

    def draw() -> bytes | None:
        view = _long()
        return None if view.blocks else draw_sheet(view)

    return _paper(request, LONG, LONG, draw, f"options-after-tms-{sheet_version()}")


def _known(language: str) -> str:
    if language not in FILES:
        raise Http404("language")
    return language


def _paper(
    request: HttpRequest, which: str, kept_as: str, draw: Callable[[], bytes | None], name: str
) -> HttpResponse:
    try:
        pdf = keep(f"pdf:{kept_as}", draw)
    except LetterCannotBeDrawnError:
        return _page(request, which, status=UNAVAILABLE)
    if pdf is None:
        return _page(request, which, status=CONFLICT)
    return pdf_response(pdf, f"{name}.pdf")


def _long() -> SheetView:
    return present_sheet(load_sheet(), current_evidence(), today=timezone.localdate())


def _short(language: str, discussed: list[str]) -> ShortView:
    return present_short(
        load_short(language),
        load_sheet(),
        current_evidence(),
        today=timezone.localdate(),
        discussed=discussed,
    )


def _made_page(which: str) -> Kept:
    view = _long() if which == LONG else _short(which, [])
    name = "_sheet" if which == LONG else "_short"
    context = {"page": view, "crisis_line": settings.CRISIS_LINE}
    return Kept(render_to_string(f"sheet/{name}.html", context), view.blocks)


def _page(request: HttpRequest, which: str, *, status: int = 200) -> HttpResponse:
    kept = keep(f"page:{which}", lambda: _made_page(which)) or _made_page(which)
    context = {
        "article": mark_safe(kept.article),  # noqa: S308, drawn by our templates, which escape
        "blocks": kept.blocks,
        "sheet": load_sheet(),
        "short": None if which == LONG else load_short(which),
        "language": which,
        "is_not_drawn": status == UNAVAILABLE,
    }
    return render(request, "sheet/sheet.html", context, status=status)
