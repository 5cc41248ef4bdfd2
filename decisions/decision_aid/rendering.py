"""The patient's sheet on paper: the same words as the page, drawn by the letters' PDF worker."""

from __future__ import annotations

import hashlib

from django.conf import settings
from django.template.loader import render_to_string

from decisions.decision_aid.reading import SheetView
from decisions.decision_aid.short_reading import ShortView
from decisions.pdf.render import draw_html
from kapnet.core.web.days import say_day

STYLE = ("sheet.css",)
SHORT_STYLE = ("sheet_short.css",)


def sheet_html(view: SheetView) -> str:
    """The long sheet as the document that is printed."""
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


def draw_sheet(view: SheetView) -> bytes:
    """The long sheet as PDF/UA-1: the same sheet gives the same bytes.

    Raises LetterCannotBeDrawnError when a font is missing or the PDF worker gives nothing.
    """
    return _draw(sheet_html(view), STYLE)


def short_html(view: ShortView) -> str:
    """The two pages as the document that is printed, in one language from its root on."""
    context = {"page": view, "maker": settings.SHEET_MAKER, "is_paper": True}
    return render_to_string("sheet/short_paper.html", context)


def draw_short(view: ShortView) -> bytes:
    """The two pages as PDF/UA-1. Raises what `draw_sheet` raises."""
    return _draw(short_html(view), SHORT_STYLE)


def _draw(html: str, style: tuple[str, ...]) -> bytes:
    identifier = hashlib.sha256(html.encode()).digest()[:16]
    return draw_html(html, identifier=identifier, paper=settings.LETTER_PAPER, more_style=style)
