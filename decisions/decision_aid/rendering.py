"""The patient's sheet on paper: the same words as the page, drawn by the press of the letters."""

from __future__ import annotations

import hashlib

from django.conf import settings
from django.core.cache import cache
from django.template.loader import render_to_string

from decisions.cases.page_frame import say_day
from decisions.decision_aid.reading import SheetView
from decisions.pdf.render import draw_html, style_text

STYLE = ("sheet.css",)
KEPT_FOR_SECONDS = 90 * 24 * 60 * 60


def sheet_html(view: SheetView) -> str:
    """The sheet as the document that is printed."""
    sheet = view.sheet
    foot = f"{sheet.title} · {sheet.version_name} · {say_day(sheet.dated)} · {view.release}"
    context = {
        "page": view,
        "foot": foot,
        "maker": settings.SHEET_MAKER,
        "crisis_line": settings.CRISIS_LINE,
        "is_paper": True,
    }
    return render_to_string("sheet/paper.html", context)


def sheet_pdf(view: SheetView) -> bytes:
    """The sheet as PDF, drawn once for all who ask. Raises what `draw_sheet` raises."""
    drawn_from = f"{sheet_html(view)}{style_text(settings.LETTER_PAPER, more=STYLE)}"
    key = f"sheet:{hashlib.sha256(drawn_from.encode()).hexdigest()}"
    if (kept := cache.get(key)) is None:
        kept = draw_sheet(view)
        cache.set(key, kept, KEPT_FOR_SECONDS)
    return bytes(kept)


def draw_sheet(view: SheetView) -> bytes:
    """The sheet as PDF/UA-1: the same sheet gives the same bytes.

    Raises LetterCannotBeDrawnError when a font is missing or the press gives nothing.
    """
    html = sheet_html(view)
    identifier = hashlib.sha256(html.encode()).digest()[:16]
    paper = settings.LETTER_PAPER
    return draw_html(html, identifier=identifier, paper=paper, more_style=STYLE)
