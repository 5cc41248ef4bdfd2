"""Drawing letters for tests, and reading the text of what was drawn."""

from __future__ import annotations

import re
from typing import Any

import pypdfium2

from decisions.documents.letter.blocks import Letter
from decisions.letters.rendering import draw_pdf
from tests.decisions.letters.letter_factories import SIGNED, compose, material, signed_issue

LETTER_ID = "4f2a91c0"


def draw(letter: Letter) -> bytes:
    return draw_pdf(letter, letter_id=LETTER_ID, drawn_at=SIGNED)


def signed_letter(**parts: Any) -> Letter:
    return compose(material(issue=signed_issue(), **parts))


def pages_of(pdf: bytes) -> list[str]:
    document = pypdfium2.PdfDocument(pdf)
    return [one.get_textpage().get_text_range() for one in document]


def run_together(text: str) -> str:
    return re.sub(r"\s+", "", text.replace("\ufffe", "-"))
