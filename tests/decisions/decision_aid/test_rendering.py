"""P-20 on paper: tagged, named, in the order of the page, and the same bytes every time."""

from __future__ import annotations

import itertools
import re
from html import unescape
from io import BytesIO

import page
import pikepdf
import pytest

from decisions.decision_aid.reading import SheetView
from decisions.decision_aid.rendering import draw_sheet, sheet_html
from tests.decisions.decision_aid.sheet_factories import own_view
from tests.decisions.letters.pdf_reading import pages_of, run_together
from tests.decisions.pdf.test_rendering import elements

pytestmark = pytest.mark.slow

MOST_PAGES = 13
OTHERS = ("crisis", "questions", "made", "sources")
"""Further sections with a heading of their own."""

TAG = re.compile(r"<[^>]*>")


@pytest.fixture(scope="module")
def view() -> SheetView:
    return own_view()


@pytest.fixture(scope="module")
def pdf(view: SheetView) -> bytes:
    return draw_sheet(view)


@pytest.mark.slow
def test_p20_structural_checks_of_pdf_ua_pass(pdf: bytes) -> None:
    report = page.validate_pdf_bytes(pdf, profile=page.ValidationProfile.PDF_UA_1)

    assert report.is_compliant, [one.message for one in report.failures]


@pytest.mark.slow
def test_p20_pdf_is_tagged_and_named(pdf: bytes) -> None:
    with pikepdf.open(BytesIO(pdf)) as document:
        assert document.Root.MarkInfo.Marked
        assert document.Root.Lang == "en-US"
        assert document.Root.ViewerPreferences.DisplayDocTitle
        assert str(document.docinfo["/Title"]) == "When depression comes back after TMS"
        assert b"<pdfuaid:part>1</pdfuaid:part>" in document.Root.Metadata.read_bytes()


def test_p20_headings_do_not_jump_and_table_heads_have_a_scope(pdf: bytes) -> None:
    with pikepdf.open(BytesIO(pdf)) as document:
        every = list(elements(document.Root.StructTreeRoot))
        levels = [int(str(one.S)[2:]) for one in every if re.fullmatch(r"/H\d", str(one.S))]
        heads = [one for one in every if one.S == "/TH"]

        assert levels[0] == 1
        assert all(after - before <= 1 for before, after in itertools.pairwise(levels))
        assert {str(one.A.Scope) for one in heads} == {"/Column", "/Row"}


@pytest.mark.slow
def test_p20_every_picture_has_words(pdf: bytes, view: SheetView) -> None:
    with pikepdf.open(BytesIO(pdf)) as document:
        pictures = [one for one in elements(document.Root.StructTreeRoot) if one.S == "/Figure"]
        told = [str(one.Alt) for one in pictures]

    cells = [cell for table in view.tables for row in table.rows for cell in row.cells]
    arms = [arm for cell in cells for figure in cell.figures for arm in figure.arms]
    assert told == [arm.picture.title for arm in arms if arm.picture]


def test_p20_fonts_are_the_bundled_ones_with_unicode(pdf: bytes) -> None:
    with pikepdf.open(BytesIO(pdf)) as document:
        fonts = [font for one in document.pages for font in one.resources.get("/Font", {}).values()]

        assert {str(font.BaseFont).partition("+")[2] for font in fonts} == {
            "Letter-Latin",
            "Letter-Strong-Latin-Bold",
        }
        assert all("/ToUnicode" in font for font in fonts)


def test_p17_crisis_block_is_on_the_first_page(pdf: bytes) -> None:
    first = run_together(pages_of(pdf)[0])

    assert run_together("If you might hurt yourself, get help now. Call or text 988") in first


def test_foot_names_version_date_and_release_on_each_page(pdf: bytes) -> None:
    foot = run_together(
        "When depression comes back after TMS · 2026.2-2 · 29 November 2026 · 2026-12"
    )

    pages = pages_of(pdf)
    assert all(foot in run_together(one) for one in pages)
    assert len(pages) <= MOST_PAGES


def test_paper_says_what_the_page_says(pdf: bytes, view: SheetView) -> None:
    body = re.sub(r"<title>.*?</title>|<svg.*?</svg>", "", sheet_html(view))
    found = re.findall(r"<(?:p|li)\b[^>]*>.*?</(?:p|li)>", body, re.S)
    texts = [unescape(TAG.sub("", one)) for one in found]

    printed = "".join(run_together(one) for one in pages_of(pdf))
    assert len(texts) > 200
    assert [one for one in texts if run_together(one) not in printed] == []


def test_p20_headings_are_tagged_and_stand_in_their_order(pdf: bytes, view: SheetView) -> None:
    headings = [one.heading for one in view.passages]
    headings += [one.heading for one in view.tables]
    headings += [view.values.heading, view.leaning.heading, view.next.heading]
    with pikepdf.open(BytesIO(pdf)) as document:
        every = list(elements(document.Root.StructTreeRoot))
    order = "".join(pages_of(pdf))

    assert sum(str(one.S) == "/H2" for one in every) == len(headings) + len(OTHERS)
    places = [order.index(one) for one in headings]
    assert places == sorted(places)


@pytest.mark.slow
def test_same_sheet_gives_the_same_bytes(view: SheetView, pdf: bytes) -> None:
    assert draw_sheet(view) == pdf
