"""The patient's sheet on paper: the same words as the page, drawn by the press of the letters."""

from __future__ import annotations

import hashlib

from django.conf import settings
from django.core.cache import cache
from django.template.loader import render_to_string

from decisions.frames import say_day
from decisions.letters.rendering import draw_html, style_text
from decisions.sheet.reading import SheetView

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


def draw_sheet(view: SheetView) -> bytes:
    """The sheet as PDF/UA-1, drawn once for all who ask: the same sheet gives the same bytes.

    Raises LetterCannotBeDrawnError when a font is missing or the press gives nothing.
    """
    html, paper = sheet_html(view), settings.LETTER_PAPER
    style = style_text(paper, more=STYLE)
    key = f"sheet:{hashlib.sha256(f'{html}{style}'.encode()).hexdigest()}"
    if (kept := cache.get(key)) is None:
        identifier = hashlib.sha256(html.encode()).digest()[:16]
        kept = draw_html(html, identifier=identifier, paper=paper, more_style=STYLE)
        cache.set(key, kept, KEPT_FOR_SECONDS)
    return bytes(kept)
