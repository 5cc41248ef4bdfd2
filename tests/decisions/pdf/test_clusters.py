"""Signs that are drawn together are copied as they were written, by every reader of PDFs."""

from __future__ import annotations

import subprocess
from pathlib import Path
from unicodedata import normalize

import page
import pypdfium2
import pytest

from decisions.pdf import clusters
from decisions.pdf.clusters import Drawn
from decisions.pdf.render import draw_html
from tests.collecting import for_each
from tests.decisions.documents.letter.five_cases import letter_of
from tests.decisions.letters.pdf_reading import draw

pytestmark = pytest.mark.slow

NAMES = {
    "vowel before its consonant": "हिना",
    "the same consonant without it": "हम शर्मा",
    "half letters": "ट्रैक्टर क्षत्रिय",
    "one sign as two glyphs": "น้ำใจ กำธร",
    "letters that share their dots": "الطاقة يقبت",
    "two letters as one": "لا اللّٰه",
    "vowel signs from right to left": "مُحَمَّد",
    "points": "מַגנטי",
    "loose accents": "m\u0303 n\u0329",
}
PROFILES = (page.ValidationProfile.PDF_UA_1, page.ValidationProfile.PDF_A_2A)


@pytest.fixture(scope="module")
def drawn(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A page with a name in each line."""
    lines = "".join(f"<p>{name}" for name in NAMES.values())
    html = f"<!doctype html><html lang=en><head><title>x</title></head><body>{lines}</body></html>"
    file = tmp_path_factory.mktemp("drawn") / "names.pdf"
    file.write_bytes(draw_html(html, identifier=b"0" * 16, paper="letter"))
    return file


@for_each("how", ([], ["-raw"], ["-layout"]))
def test_names_are_copied_as_they_are_written(drawn: Path, how: list[str]) -> None:
    said = subprocess.run(
        ["pdftotext", *how, drawn, "-"], check=True, capture_output=True, text=True
    ).stdout

    copied = [
        word for line in said.split("\n") for word in line.strip("\u202a\u202b\u202c ").split()
    ]
    written = [word for name in NAMES.values() for word in name.split()]
    assert [word for word in written if not any(word in one for one in copied)] == []


def test_names_are_read_in_their_order_by_a_second_program(drawn: Path) -> None:
    with pypdfium2.PdfDocument(drawn) as document:
        said = document[0].get_textpage().get_text_range()

    # Accents on one sign have an order only once the text is normalized.
    *lines, _ = (normalize("NFC", line) for line in said.splitlines() if line)
    assert lines == [normalize("NFC", name) for name in NAMES.values()]


@for_each("profile", PROFILES)
def test_every_code_has_a_text(drawn: Path, profile: page.ValidationProfile) -> None:
    report = page.validate_pdf_bytes(drawn.read_bytes(), profile=profile)

    assert report.is_compliant, [one.message for one in report.failures]


@pytest.mark.slow
@for_each("profile", PROFILES)
def test_letter_in_many_scripts_has_no_code_without_text(profile: page.ValidationProfile) -> None:
    report = page.validate_pdf_bytes(draw(letter_of(5)), profile=profile)

    assert report.is_compliant, [one.message for one in report.failures]


def test_glyphs_that_were_not_noted_stop_the_drawing() -> None:
    line = [b"[<00070008>] TJ"]

    for noted in ([Drawn(7, "a")], [Drawn(7, "a"), Drawn(9, "b")]):
        with pytest.raises(ValueError, match="Glyph 8 is on the page"):
            [*clusters._noted(line, iter(noted))]
