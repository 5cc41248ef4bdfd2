"""Letter -> HTML -> PDF bytes: tagged, of bundled files only, and the same bytes every time.

Fonts and the style sheet are read and set up once a process; they are most of what a first
rendering costs. WeasyPrint's font set-up is not made for threads, so one letter is drawn at a time.
"""

from __future__ import annotations

import gc
import hashlib
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.template.loader import render_to_string
from weasyprint import CSS, HTML
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import URLFetcher, URLFetcherResponse

from decisions.domain.letter_blocks import Letter
from decisions.letters.presenters import present_letter

SCHEME = "letter:"
FONTS = tuple(
    f"atkinson-hyperlegible-{script}-{weight}-normal.woff2"
    for script in ("latin", "latin-ext")
    for weight in (400, 700)
)
PAPERS = {"letter": "215.9mm 279.4mm", "a4": "210mm 297mm"}


class LetterCannotBeDrawnError(RuntimeError):
    """A bundled file is missing; the message says what to do."""


class BundledFiles(URLFetcher):
    """Hands out the fonts of the letter by name, and nothing else: no file, no network."""

    def __init__(self) -> None:
        super().__init__(allowed_protocols=(), allow_redirects=False)
        self.files = {font.name: font.read_bytes() for font in find_fonts()}

    def fetch(self, url: str, headers: object = None) -> URLFetcherResponse:
        """The bundled file of this name. Raises ValueError for everything else."""
        name = url.removeprefix(SCHEME)
        if not url.startswith(SCHEME) or name not in self.files:
            raise ValueError("A letter uses bundled files only.")
        return URLFetcherResponse(url, self.files[name], {"Content-Type": "font/woff2"})


def find_fonts() -> tuple[Path, ...]:
    """The files of the fonts. Raises LetterCannotBeDrawnError when one is missing."""
    folder: Path = settings.BASE_DIR / "static" / "build" / "fonts"
    for name in FONTS:
        if not (folder / name).is_file():
            raise LetterCannotBeDrawnError(
                f"The letter's font {name} is missing. Run script/setup, which puts it into "
                "static/build/fonts."
            )
    return tuple(folder / name for name in FONTS)


@dataclass(frozen=True)
class _Press:
    """What is set up once: files, fonts and the parsed style sheet of one paper."""

    files: BundledFiles
    fonts: FontConfiguration
    style: CSS


_lock = threading.Lock()


@cache
def _press(paper: str) -> _Press:
    files, fonts = BundledFiles(), FontConfiguration()
    sheet = style_text(paper)
    style = CSS(string=sheet, base_url=SCHEME, url_fetcher=files, font_config=fonts)
    return _Press(files, fonts, style)


def style_text(paper: str) -> str:
    """The style sheet of the letter with the size of its paper."""
    path: Path = settings.BASE_DIR / "static" / "src" / "letter.css"
    return f"{path.read_text(encoding='utf-8')}\n@page {{ size: {PAPERS[paper]} }}\n"


def letter_html(letter: Letter, *, drawn_at: datetime) -> str:
    """The letter as the document that is printed. drawn_at: the time it carries."""
    made_at = (letter.signed_at or drawn_at).astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    author = letter.sender[0]
    context = {**present_letter(letter), "made_at": made_at, "author": author}
    return render_to_string("letters/referral.html", context)


def draw_pdf(letter: Letter, *, letter_id: object, drawn_at: datetime) -> bytes:
    """The letter as PDF/UA-1. The same letter, id and time give the same bytes anywhere.

    drawn_at: the time that a draft carries; a signed letter carries that of its signing.
    Raises LetterCannotBeDrawnError when a font is missing.
    """
    html = letter_html(letter, drawn_at=drawn_at)
    identifier = hashlib.sha256(f"{letter_id} {letter.content_sha256}".encode()).digest()[:16]
    return draw_html(html, identifier=identifier, paper=settings.LETTER_PAPER)


def draw_html(html: str, *, identifier: bytes, paper: str) -> bytes:
    """The PDF of a document, with the fonts and style that are set up once a process."""
    with _lock, _garbage_later():
        press = _press(paper)
        document = HTML(string=html, base_url=SCHEME, url_fetcher=press.files)
        pdf: bytes = document.write_pdf(
            stylesheets=[press.style],
            font_config=press.fonts,
            pdf_variant="pdf/ua-1",
            pdf_identifier=identifier,
            finisher=name_scopes,
        )
    return pdf


def name_scopes(document: object, pdf: Any) -> None:
    """Say of each table head whether it heads a column or a row, as readers of tags expect.

    WeasyPrint links cells to their heads by id ("table-row-column") and leaves the scope out.
    Every table of the letter has its column heads in the first row and in no other.
    """
    for element in pdf.objects:
        if isinstance(element, dict) and element.get("S") == "/TH" and "ID" in element:
            row = element["ID"].string.split("-")[1]
            element["A"]["Scope"] = "/Column" if row == "0" else "/Row"


@contextmanager
def _garbage_later() -> Iterator[None]:
    """Drawing makes many small objects that live until its end: looking for garbage meanwhile
    finds none and takes a quarter of the time."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()
