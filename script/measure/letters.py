"""The letter as PDF: warm, against the renderer uncached and against warm Chromium."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from statistics import median

from django.conf import settings
from playwright.sync_api import sync_playwright
from weasyprint import CSS, HTML

from decisions.desk.print_file import Printed, join_tagged
from decisions.letters.rendering import draw_pdf, letter_html
from decisions.pdf.render import find_fonts, style_text
from decisions.pdf.worker import SCHEME, BundledFiles
from script.measure.rounds import Row, interleave, limited, ratio
from tests.letters.letter_factories import compose, material

CHROMIUM = "/usr/bin/chromium-headless-shell"
WARM_LIMIT = 0.75
"""The most that a warm letter may take, in times of the uncached renderer."""
MADE_AT = datetime(2026, 11, 23, 14, 2, tzinfo=UTC)
TIMES = 3
IN_A_FILE, FILE_LIMIT = 50, 0.6
"""Letters in the measured file, and the most it may take in times of drawing each of them."""


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

    def uncached() -> None:
        bundled = BundledFiles({one.name: one.read_bytes() for one in find_fonts()})
        style = CSS(string=style_text(paper), base_url=SCHEME, url_fetcher=bundled)
        HTML(string=html, base_url=SCHEME, url_fetcher=bundled).write_pdf(
            stylesheets=[style], pdf_variant="pdf/ua-1"
        )

    with warm_chromium(for_browser) as chromium:
        measured = interleave(
            {
                "warm": (lambda: draw_pdf(letter, letter_id="bench", drawn_at=MADE_AT), TIMES),
                "uncached": (uncached, TIMES),
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
            "letter, warm, in times of HTML(...).write_pdf() uncached",
            ratio(measured, "warm", "uncached"),
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
