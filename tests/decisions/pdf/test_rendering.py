"""The PDF: structure, text, pages, the same bytes, and nothing fetched from anywhere."""

from __future__ import annotations

import hashlib
import itertools
import os
import re
import subprocess
import sys
import zlib
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

import page
import pikepdf
import pydyf
import pypdfium2
import pytest
from django.conf import settings
from weasyprint import CSS, HTML
from weasyprint.text.fonts import FontConfiguration

from decisions.documents.letter.blocks import Letter
from decisions.documents.letter.material import Patient
from decisions.letters.rendering import draw_pdf, identifier_of, letter_html
from decisions.pdf.clusters import NotedFonts, name_clusters
from decisions.pdf.jobs import Job
from decisions.pdf.pool import ITS_OWN, LetterCannotBeDrawnError
from decisions.pdf.render import draw_html, find_fonts, style_text
from decisions.pdf.typefaces import FETCHED_LATER, faces_for, folder_of
from decisions.pdf.worker import (
    SCHEME,
    VARIANT,
    BundledFiles,
    compress_once,
    name_accessible,
    name_scopes,
    set_up,
)
from decisions.pdf.worker import draw as draw_job
from tests.collecting import for_each
from tests.decisions.documents.letter.five_cases import letter_of, with_reply_code
from tests.decisions.letters.letter_factories import (
    FACTS,
    SIGNED,
    compose,
    material,
    vignettes,
)
from tests.decisions.letters.pdf_reading import draw, pages_of, run_together, signed_letter
from tests.rounds import in_part


@pytest.fixture(scope="module")
def letter() -> Letter:
    return signed_letter()


@pytest.fixture(scope="module")
def pdf(letter: Letter) -> bytes:
    return draw(letter)


def test_usual_letter_has_two_pages(pdf: bytes) -> None:
    assert len(pages_of(pdf)) == 2


@pytest.mark.slow
@for_each("vignette", in_part(sorted(vignettes())))
def test_letter_of_every_vignette_keeps_to_few_pages(vignette: str) -> None:
    assert len(pages_of(draw(signed_letter(answers=vignettes()[vignette])))) <= 3


@pytest.mark.parametrize(
    "profile", [page.ValidationProfile.PDF_UA_1, page.ValidationProfile.PDF_A_2A]
)
def test_letter_can_be_read_by_everybody_and_kept_in_archives(pdf: bytes, profile: Any) -> None:
    report = page.validate_pdf_bytes(pdf, profile=profile)

    assert report.is_compliant, [one.message for one in report.failures]


def test_reply_address_is_a_link_that_is_read_aloud() -> None:
    drawn = draw(with_reply_code(1))
    report = page.validate_pdf_bytes(drawn, profile=page.ValidationProfile.PDF_UA_1)

    assert report.is_compliant, [one.message for one in report.failures]
    with pikepdf.open(BytesIO(drawn)) as document:
        links = {str(one.A.URI): one for one in document.pages[0].Annots}
    assert "/Contents" in links["https://letters.example.org/r/7Q2M-4F2A-91C0-7BE3/"]


def test_addresses_here_and_dois_are_the_only_links() -> None:
    with pikepdf.open(BytesIO(draw(letter_of(1)))) as document:
        found = {str(one.A.URI) for page_ in document.pages for one in page_.get("/Annots", [])}

    found.remove("https://letters.example.org/verify/?code=4F2A-91C0-7BE3")
    found.remove("https://letters.example.org/sources/?release=2026-12")
    assert found
    assert all(one.startswith("https://doi.org/10.") for one in found)


def test_text_written_by_people_never_becomes_a_link() -> None:
    with pikepdf.open(BytesIO(draw(letter_of(5)))) as document:
        found = [str(one.A.URI) for page_ in document.pages for one in page_.get("/Annots", [])]

    assert not [one for one in found if "127.0.0.1" in one]


@for_each("case", (1, 3))
def test_page_one_is_copied_in_its_order_by_another_program(case: int, tmp_path: Path) -> None:
    letter, file = letter_of(case), tmp_path / "letter.pdf"
    file.write_bytes(draw(letter))

    said = subprocess.run(
        ["pdftotext", "-l", "1", file, "-"], check=True, capture_output=True, text=True
    ).stdout

    copied = run_together(said).replace("-", "")
    place = copied.find(run_together(letter.request).replace("-", ""))
    for text in (text for block in letter.blocks for text in block.texts):
        place = copied.find(run_together(text).replace("-", ""), place)
        assert place >= 0, text


def test_pdf_is_tagged_and_named(pdf: bytes) -> None:
    with pikepdf.open(BytesIO(pdf)) as document:
        assert document.Root.MarkInfo.Marked
        assert document.Root.Lang == "en-US"
        assert document.Root.ViewerPreferences.DisplayDocTitle
        assert str(document.docinfo["/Title"]) == "Referral letter L-2026-0117"
        assert b"<pdfuaid:part>1</pdfuaid:part>" in document.Root.Metadata.read_bytes()


def elements(node: Any) -> Iterator[Any]:
    """Every structure element below a node, in reading order."""
    kids = node.get("/K", [])
    for kid in kids if isinstance(kids, pikepdf.Array) else [kids]:
        if isinstance(kid, pikepdf.Dictionary) and "/S" in kid:
            yield kid
            yield from elements(kid)


def test_headings_do_not_jump_and_table_heads_have_a_scope(pdf: bytes) -> None:
    with pikepdf.open(BytesIO(pdf)) as document:
        every = list(elements(document.Root.StructTreeRoot))
        levels = [int(str(one.S)[2:]) for one in every if re.fullmatch(r"/H\d", str(one.S))]
        heads = [one for one in every if one.S == "/TH"]

        assert levels[0] == 1
        assert all(after - before <= 1 for before, after in itertools.pairwise(levels))
        assert heads
        assert {str(one.A.Scope) for one in heads} == {"/Column", "/Row"}


def test_fonts_are_the_bundled_ones_with_unicode(pdf: bytes) -> None:
    with pikepdf.open(BytesIO(pdf)) as document:
        fonts = [font for one in document.pages for font in one.resources.get("/Font", {}).values()]

        assert {str(font.BaseFont).partition("+")[2] for font in fonts} == {
            "Letter-Latin",
            "Letter-Strong-Latin-Bold",
        }
        assert all("/ToUnicode" in font for font in fonts)
        assert all("/FontFile2" in f.DescendantFonts[0].FontDescriptor for f in fonts)


def test_text_of_the_pdf_is_the_text_of_the_letter(letter: Letter, pdf: bytes) -> None:
    text = "".join(run_together(one) for one in pages_of(pdf))
    for number in (1, 2):
        text = text.replace(run_together(f"Page {number} of 2"), "")
    text = text.replace(run_together(letter.foot), "")

    assert text == run_together("".join(letter.texts))


def test_foot_stands_on_each_page_and_draft_only_on_drafts(letter: Letter, pdf: bytes) -> None:
    draft = pages_of(draw(compose(material())))

    assert all(run_together(letter.foot) in run_together(one) for one in pages_of(pdf))
    assert all("DRAFT, not signed" in one for one in draft)
    assert not any("DRAFT" in one for one in pages_of(pdf))


def test_same_letter_gives_the_same_bytes(letter: Letter, pdf: bytes) -> None:
    draw(compose(material(patient=Patient(name="Somebody Else"))))

    assert draw(letter) == pdf


@pytest.mark.slow
def test_another_process_gives_the_same_bytes(pdf: bytes) -> None:
    code = (
        "import django; django.setup()\n"
        "import hashlib\n"
        "from tests.decisions.letters.pdf_reading import draw, signed_letter\n"
        "print(hashlib.sha256(draw(signed_letter())).hexdigest())\n"
    )
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "kapnet.settings",
        "SECRET_KEY": settings.SECRET_KEY,
        "PYTHONHASHSEED": "7",
    }
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=settings.BASE_DIR,
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    )

    assert done.stdout.strip() == hashlib.sha256(pdf).hexdigest()


def bundled_files() -> BundledFiles:
    later = folder_of(FETCHED_LATER[0])
    return BundledFiles({one.name: one.read_bytes() for one in find_fonts()}, later)


def finish_uncached(document: object, pdf: Any) -> None:
    name_clusters(document, pdf)
    name_scopes(document, pdf)
    name_accessible(pdf)
    compress_once(pdf)


def draw_uncached(html: str) -> bytes:
    """The PDF by WeasyPrint with nothing set up before."""
    files, fonts = bundled_files(), FontConfiguration()
    text = style_text("letter", faces=faces_for(html).faces)
    style = CSS(string=text, base_url=SCHEME, url_fetcher=files, font_config=fonts)
    source = HTML(string=html, base_url=SCHEME, url_fetcher=files)
    document = source.render(stylesheets=[style], font_config=fonts, pdf_variant=VARIANT)
    document.fonts = NotedFonts()
    pdf: bytes = document.write_pdf(
        pdf_variant=VARIANT,
        pdf_identifier=b"0" * 16,
        finisher=finish_uncached,
    )
    return pdf


@pytest.mark.slow
@for_each("which", ("usual", 1, 5))
def test_cached_and_uncached_drawing_give_the_same_bytes(
    letter: Letter, which: str | int, monkeypatch: pytest.MonkeyPatch
) -> None:
    # The settings of a machine's fonts embolden a script that has no bold file.
    monkeypatch.setenv("FONTCONFIG_FILE", ITS_OWN["FONTCONFIG_FILE"])
    html = letter_html(letter if which == "usual" else letter_of(int(which)), drawn_at=SIGNED)

    cached = draw_html(html, identifier=b"0" * 16, paper="letter")
    assert cached == draw_uncached(html)


@pytest.mark.slow
def test_letter_that_broke_off_changes_no_other(monkeypatch: pytest.MonkeyPatch) -> None:
    html = letter_html(compose(material()), drawn_at=SIGNED)
    job = Job(html, style_text("letter"), b"0" * 16)
    files = {one.name: one.read_bytes() for one in find_fonts()}
    ready = set_up(files, job.style)

    def lacks_memory(*some: Any) -> None:
        raise MemoryError

    with monkeypatch.context() as patch:
        patch.setattr("weasyprint.css.resolve_var", lacks_memory)
        with pytest.raises(MemoryError):
            draw_job(job, ready)

    assert draw_job(job, ready) == draw_job(job, set_up(files, job.style))


def test_another_letter_gives_another_identifier(letter: Letter, pdf: bytes) -> None:
    other = draw_pdf(letter, letter_id="another", drawn_at=SIGNED)

    assert other != pdf


def test_other_programs_read_the_identifier_that_was_written(letter: Letter) -> None:
    # The bytes of this hash hold a carriage return, which a PDF cannot say as text.
    number = next(
        number
        for number in itertools.count()
        if b"\r" in hashlib.sha256(f"{number} {letter.content_sha256}".encode()).digest()[:16]
    )

    with pikepdf.open(BytesIO(draw_pdf(letter, letter_id=number, drawn_at=SIGNED))) as document:
        assert bytes(document.trailer.ID[0]) == identifier_of(letter, letter_id=number)


@pytest.mark.slow
@pytest.mark.parametrize(("paper", "size"), [("letter", (612, 792)), ("a4", (595, 842))])
def test_paper_is_a_setting(
    letter: Letter, settings: Any, paper: str, size: tuple[int, int]
) -> None:
    settings.LETTER_PAPER = paper

    first = pypdfium2.PdfDocument(draw(letter))[0]

    assert tuple(round(one) for one in first.get_size()) == size


def test_missing_font_is_one_plain_sentence(tmp_path: Path, settings: Any) -> None:
    settings.BASE_DIR = tmp_path

    with pytest.raises(LetterCannotBeDrawnError, match="Run script/setup"):
        find_fonts()


@pytest.mark.slow
def test_columns_that_go_over_a_page_run_over_nothing() -> None:
    facts = FACTS.model_copy(update={"medicines": "A long list of medicines and doses. " * 120})

    pages = list(pypdfium2.PdfDocument(draw(signed_letter(facts=facts))))

    assert len(pages) > 2
    for one in pages:
        text = one.get_textpage()
        boxes = [text.get_rect(place) for place in range(text.count_rects())]
        for (left, low, right, high), other in itertools.combinations(boxes, 2):
            across = min(right, other[2]) - max(left, other[0])
            along = min(high, other[3]) - max(low, other[1])
            assert across < 2 or along < 3, "two lines are drawn over each other"


def test_no_compressed_stream_ends_as_a_line_does() -> None:
    """Its last byte is that of a checksum: one in 128 would be taken for the end of a line."""
    document = pydyf.PDF()
    for number in range(600):
        document.add_object(pydyf.Stream([str(number).encode()], compress=True))

    compress_once(document)

    streams = [one for one in document.objects if isinstance(one, pydyf.Stream)]
    written = [b"".join(one.stream) for one in streams]
    assert not [one for one in written if one.endswith((b"\r", b"\n"))]
    assert [int(zlib.decompress(one)) for one in written] == list(range(600))
