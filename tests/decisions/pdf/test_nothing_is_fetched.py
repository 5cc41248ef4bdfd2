"""What people write in a letter is never markup, and drawing it fetches nothing from anywhere."""

from __future__ import annotations

from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler
from io import BytesIO

import pikepdf
import pytest

from decisions.documents.letter.material import Facts, Patient, Plan, Recipient
from decisions.pdf.render import draw_html
from decisions.pdf.worker import BundledFiles
from tests.collecting import for_each
from tests.decisions.letters.letter_factories import SENDER
from tests.decisions.letters.pdf_reading import draw, pages_of, run_together, signed_letter
from tests.serving import serving

CARRIED = (
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "<img src=http://127.0.0.1:{port}/a.png>",
    "<img src=file:///etc/passwd>",
    "<style>@import url(http://127.0.0.1:{port}/b.css);</style>",
    "<style>@font-face {{ font-family: x; src: url(http://127.0.0.1:{port}/c) }}</style>",
    "<link rel=attachment href=file:///etc/passwd>",
    "<svg><image href=http://127.0.0.1:{port}/d.svg /></svg>",
    "<img src=//127.0.0.1:{port}/e>",
    '"; background: url(http://127.0.0.1:{port}/f)',
    "{{{{7*7}}}} {{% debug %}} ${{7*7}}",
    "<b>bold</b> &amp; &lt;",
)


@pytest.fixture
def listener() -> Iterator[tuple[int, list[str]]]:
    """A server on this machine that writes down who asks it."""
    asked: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            self.send_response(302)
            self.send_header("Location", "file:///etc/passwd")
            self.end_headers()

        def log_message(self, *words: object) -> None:
            """Keep quiet."""

    with serving(Handler) as port:
        yield port, asked


@pytest.mark.slow
@for_each("carried", CARRIED)
def test_text_by_people_stays_text(carried: str, listener: tuple[int, list[str]]) -> None:
    port, asked = listener
    text = carried.format(port=port)

    letter = signed_letter(
        patient=Patient(name=text, reference=text),
        recipient=Recipient(name=text, organization=text, address=text, copies=text),
        sender=SENDER.model_copy(update={"name": text, "clinic": text}),
        plan=Plan(reasoning=text, coordinator_name=text, coordinator_what=text),
        facts=Facts(**dict.fromkeys(("specifier", "medicines", "trials", "other"), text)),
    )
    pdf = draw(letter)
    shown = run_together("".join(pages_of(pdf)))

    assert asked == []
    assert shown.count(run_together(text)) >= 8
    assert "root:" not in shown
    with pikepdf.open(BytesIO(pdf)) as document:
        assert not document.attachments


@for_each(
    "url",
    [
        "http://127.0.0.1/",
        "https://example.org/a.css",
        "file:///etc/passwd",
        "//127.0.0.1/",
        "data:text/css,x",
        "letter:../../settings.py",
        "letter:/etc/passwd",
        "ftp://127.0.0.1/",
        "",
    ],
)
def test_nothing_but_bundled_files_is_handed_out(url: str) -> None:
    with pytest.raises(ValueError, match="bundled files only"):
        BundledFiles({}).fetch(url)


def test_markup_that_got_in_would_still_fetch_nothing(listener: tuple[int, list[str]]) -> None:
    port, asked = listener
    html = (
        "<!doctype html><html lang=en><head><title>x</title>"
        f"<link rel=stylesheet href=http://127.0.0.1:{port}/s.css>"
        "<link rel=attachment href=file:///etc/passwd></head>"
        f"<body><img alt=x src=http://127.0.0.1:{port}/i.png><img alt=y src=file:///etc/passwd>"
        f"<p style='background: url(http://127.0.0.1:{port}/b)'>text</p></body></html>"
    )

    pdf = draw_html(html, identifier=b"0" * 16, paper="letter")

    assert asked == []
    assert "root:" not in "".join(pages_of(pdf))
