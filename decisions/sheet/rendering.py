"""The patient's sheet on paper: the same words as the page, drawn by the press of the letters."""

from __future__ import annotations

import hashlib

from django.conf import settings
from django.template.loader import render_to_string

from decisions.frames import say_day
from decisions.letters.rendering import draw_html
from decisions.sheet.reading import SheetView

STYLE = ("sheet.css",)


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


def draw_sheet(view: SheetView) -> bytes:
    """The sheet as PDF/UA-1; the same sheet and release give the same bytes.

    Raises LetterCannotBeDrawnError when a font is missing or the press gives nothing.
    """
    html = sheet_html(view)
    identifier = hashlib.sha256(html.encode()).digest()[:16]
    return draw_html(html, identifier=identifier, paper=settings.LETTER_PAPER, more_style=STYLE)
