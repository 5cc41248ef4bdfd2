"""The letter as a document and as PDF: the same letter gives the same bytes every time."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime

from django.conf import settings
from django.template.loader import render_to_string

from decisions.documents.letter.blocks import Letter
from decisions.letters.presenters import present_letter
from decisions.pdf.render import draw_html


def letter_html(letter: Letter, *, drawn_at: datetime) -> str:
    """The letter as the document that is printed. drawn_at: the time it carries."""
    made_at = (letter.signed_at or drawn_at).astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    author = letter.sender[0]
    context = {**present_letter(letter), "made_at": made_at, "author": author}
    return render_to_string("letters/referral.html", context)


def draw_pdf(
    letter: Letter, *, letter_id: object, drawn_at: datetime, is_draft: bool = False
) -> bytes:
    """The letter as PDF/UA-1. The same letter, id and time give the same bytes anywhere.

    drawn_at: the time that a draft carries; a signed letter carries that of its signing.
    Raises LetterCannotBeDrawnError when a font is missing or the press gives nothing.
    """
    return draw_html(
        letter_html(letter, drawn_at=drawn_at),
        identifier=identifier_of(letter, letter_id=letter_id),
        paper=settings.LETTER_PAPER,
        # A signed letter is stored, and never drawn twice.
        is_looked_at_again=is_draft,
    )


def identifier_of(letter: Letter, *, letter_id: object) -> bytes:
    """The 16 bytes that the PDF of this letter carries, however it is copied.

    None of them is a carriage return: WeasyPrint writes it as it is, and the text of a PDF that
    says carriage return is read as a line feed (ISO 32000-1, 7.3.4.2).
    """
    digest = hashlib.sha256(f"{letter_id} {letter.content_sha256}".encode()).digest()
    return digest[:16].replace(b"\r", b"\n")
