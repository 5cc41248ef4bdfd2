"""The letter as PDF: warm, against WeasyPrint with nothing set up and against warm Chromium."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from statistics import median

from django.conf import settings
from playwright.sync_api import sync_playwright
from weasyprint import CSS, HTML
from weasyprint.text.fonts import FontConfiguration

from decisions.desk.print_file import Printed, join_tagged
from decisions.letters.rendering import draw_pdf, letter_html
from decisions.pdf.render import find_fonts, style_text
from decisions.pdf.typefaces import FETCHED_LATER, faces_for, folder_of
from decisions.pdf.worker import SCHEME, BundledFiles
from script.measure.rounds import Row, interleave, limited, ratio
from tests.decisions.documents.letter.five_cases import letter_of
from tests.decisions.letters.letter_factories import compose, material

CHROMIUM = "/usr/bin/chromium-headless-shell"
WARM_LIMIT = 0.62
"""The most that a warm letter may take, in times of the same letter drawn uncached."""
FULL, FULL_LIMIT = (1, 2, 3, 4, 5), 0.62
"""The full letters, and the most that each may take in times of the same letter drawn uncached."""
MADE_AT = datetime(2026, 11, 23, 14, 2, tzinfo=UTC)
TIMES = 3
IN_A_FILE, FILE_LIMIT = 50, 0.6
"""Letters in the measured file, and the most it may take in times of drawing each of them."""


def measure_full_letters() -> list[Row]:
    """A row for each full letter, in times of WeasyPrint that draws it in the same fonts."""
    return [_full_letter(number) for number in FULL]


def _full_letter(number: int) -> Row:
    letter = letter_of(number)
    html = letter_html(letter, drawn_at=MADE_AT)
    measured = interleave(
        {
            "warm": (lambda: draw_pdf(letter, letter_id="bench", drawn_at=MADE_AT), TIMES),
            "stock": (lambda: draw_by_stock(html), TIMES),
        }
    )
    return limited(
        f"full letter L{number}, warm, in times of HTML(...).write_pdf() in the same fonts",
        ratio(measured, "warm", "stock"),
        FULL_LIMIT,
    )


def draw_by_stock(html: str) -> bytes:
    """The same letter by WeasyPrint with nothing set up before: fonts and style sheet are read."""
    later = folder_of(FETCHED_LATER[0])
    bundled = BundledFiles({one.name: one.read_bytes() for one in find_fonts()}, later)
    fonts, text = (
        FontConfiguration(),
        style_text(settings.LETTER_PAPER, faces=faces_for(html).faces),
    )
    style = CSS(string=text, base_url=SCHEME, url_fetcher=bundled, font_config=fonts)
    pdf: bytes = HTML(string=html, base_url=SCHEME, url_fetcher=bundled).write_pdf(
        stylesheets=[style], font_config=fonts, pdf_variant="pdf/ua-1"
    )
    return pdf


def measure_letters() -> list[Row]:
    """Rows for one usual letter, the same document each time."""
    letter = compose(material())
    html = letter_html(letter, drawn_at=MADE_AT)
    stored = draw_pdf(letter, letter_id="bench", drawn_at=MADE_AT)
    files = [Printed(f"L-{number}", stored) for number in range(IN_A_FILE)]
    paper = settings.LETTER_PAPER
    fonts = (Path(settings.BASE_DIR) / "static" / "build" / "fonts").as_uri()
    for_browser = html.replace(
        "</head>", f"<style>{style_text(paper).replace(SCHEME, f'{fonts}/')}</style></head>"
    )

    with warm_chromium(for_browser) as chromium:
        measured = interleave(
            {
                "warm": (lambda: draw_pdf(letter, letter_id="bench", drawn_at=MADE_AT), TIMES),
                "stock": (lambda: draw_by_stock(html), TIMES),
                "chromium": (chromium, TIMES),
                "file": (lambda: join_tagged(files, title="bench", joined_at=MADE_AT), 1),
            }
        )
    return rows_of(measured)


@contextmanager
def warm_chromium(html: str) -> Iterator[Callable[[], object]]:
    """A browser that is started, and what draws the page with it."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        page = browser.new_page()

        def draw() -> None:
            page.set_content(html)
            page.pdf(tagged=True)

        yield draw
        browser.close()


def rows_of(measured: dict[str, list[float]]) -> list[Row]:
    """What the bench prints of it."""
    milliseconds = median(measured["warm"]) * 1000
    return [
        limited(
            "letter, warm, in times of HTML(...).write_pdf() in the same fonts",
            ratio(measured, "warm", "stock"),
            WARM_LIMIT,
        ),
        Row(
            "letter, warm, in times of warm Chromium", f"{ratio(measured, 'warm', 'chromium'):.2f}"
        ),
        Row("letter, warm", f"{milliseconds:.0f} ms"),
        limited(
            f"a print file of {IN_A_FILE} stored letters, in times of drawing them one by one",
            ratio(measured, "file", "warm") / IN_A_FILE,
            FILE_LIMIT,
        ),
    ]
