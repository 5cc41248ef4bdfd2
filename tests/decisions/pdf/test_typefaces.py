"""What a letter is drawn in: every sign of every script as its font has it, and no empty box."""

from __future__ import annotations

import itertools
import os
import re
import unicodedata
from collections.abc import Iterator
from datetime import date
from io import BytesIO
from pathlib import Path
from typing import Any, NamedTuple

import pikepdf
import pypdfium2
import pytest
from fontTools.ttLib import TTFont
from PIL import Image, ImageChops, ImageDraw, ImageFont

from decisions.documents.letter.blocks import Letter
from decisions.documents.letter.material import Patient, Plan, Recipient, Request
from decisions.documents.letter.treatment_history import Allergy, DrugTrial, History, Medicine
from decisions.letters import boxes
from decisions.letters.boxes import unprintable
from decisions.letters.signing.actions import LetterIncompleteError
from decisions.pdf import typefaces
from decisions.pdf.jobs import Job
from decisions.pdf.pool import LetterCannotBeDrawnError, PressRoom
from decisions.pdf.render import draw_html, find_fonts, style_text
from decisions.pdf.typefaces import (
    CHINESE,
    FETCHED_LATER,
    JAPANESE,
    KOREAN,
    OF_EVERY_LETTER,
    faces_for,
    folder_of,
)
from kapnet.core.people.models import User
from tests.collecting import for_each
from tests.decisions.letters.letter_factories import FACTS, vignettes
from tests.decisions.letters.pdf_reading import draw, pages_of, signed_letter
from tests.decisions.letters.stored_letters import make_decision, make_draft, sign

pytestmark = pytest.mark.slow

EVERY_FACE = (*OF_EVERY_LETTER, *FETCHED_LATER, CHINESE, JAPANESE, KOREAN)
PAGE = (
    "<!doctype html><html lang=en><head><title>x</title><style>p {{ font-size: 30pt; "
    "line-height: 60pt; break-after: page }}</style></head><body>{}</body></html>"
)


class Sample(NamedTuple):
    """Words of a script that only come out right when they are shaped, and the font for them."""

    words: str
    file: str


SAMPLES = {
    "Latin": Sample("Ĉapek Wŷnne Ţurcanu", "NotoSans_400Regular.ttf"),
    "Vietnamese": Sample("Đặng Thị Ngọc-Ánh", "NotoSans_400Regular.ttf"),
    "loose accents": Sample("m\u0303 n\u0329 q\u0303", "NotoSans_400Regular.ttf"),
    "Cyrillic": Sample("Владимир ежедневно", "NotoSans_400Regular.ttf"),
    "Greek": Sample("Ελένη Παπαδοπούλου", "NotoSans_400Regular.ttf"),
    "Arabic": Sample("محمد أعراض خفيفة لا", "NotoSansArabic_400Regular.ttf"),
    "Hebrew": Sample("שדה מַגנטי", "NotoSansHebrew_400Regular.ttf"),
    "Devanagari": Sample("हिन्दी क्षत्रिय ट्रैक्टर", "NotoSans_400Regular.ttf"),
    "Thai": Sample("ภาษาไทย น้ำใจ", "NotoSansThai_400Regular.ttf"),
    "Chinese": Sample("李医生骨直龍", "NotoSansSC_400Regular.ttf"),
    "Japanese": Sample("セルトラリン直骨", "NotoSansJP_400Regular.ttf"),
    "Korean": Sample("한국어병원", "NotoSansKR_400Regular.ttf"),
    "signs": Sample("≥≤≈→≠", "NotoSansMath_400Regular.ttf"),
    "units": Sample("₂μ₃Ωπ", "NotoSans_400Regular.ttf"),
}
SOON = Request(kind="assess", option="ketamine", how_soon="days", reply_by=date(2026, 12, 1))
EVERY_SCRIPT = " ".join(one.words for one in SAMPLES.values())
LONG = "A" * 180
ADDRESS = "long.address.for.replies.of.the.whole.team@direct.department.hospital.example.example"


def test_fonts_of_other_scripts_are_here() -> None:
    assert typefaces.all_are_here(), "run script/setup fonts"
    names = {one.name for one in folder_of(CHINESE).glob("*.ttf")}
    assert names == {name for one in EVERY_FACE[2:] for _, name in one.files}


# As the fonts have it


@pytest.mark.slow
def test_every_script_is_drawn_as_its_font_has_it() -> None:
    """Each line against the same words set by another program from the file of its font."""
    wrong = {}
    for script, sample in SAMPLES.items():
        mine = _drawn(sample)
        same, other = (_alike(mine, _set_apart(one)) for one in (sample, _backwards(sample)))
        if same < 0.7 or other > 0.45:
            wrong[script] = (round(same, 2), round(other, 2))

    assert wrong == {}


def _drawn(sample: Sample) -> Image.Image:
    pdf = draw_html(PAGE.format(f"<p>{sample.words}"), identifier=b"0" * 16, paper="letter")
    picture = pypdfium2.PdfDocument(pdf)[0].render(scale=3).to_pil().convert("L")
    return _ink(picture.crop((0, 0, picture.width, picture.height // 2)))


def _set_apart(sample: Sample) -> Image.Image:
    font = ImageFont.truetype(
        str(folder_of(CHINESE) / sample.file), 90, layout_engine=ImageFont.Layout.RAQM
    )
    picture = Image.new("L", (3000, 300), 255)
    ImageDraw.Draw(picture).text((50, 50), sample.words, font=font, fill=0)
    return _ink(picture)


def _backwards(sample: Sample) -> Sample:
    return sample._replace(words=sample.words[::-1])


def _ink(picture: Image.Image) -> Image.Image:
    """What is black, in its frame."""
    return picture.crop(ImageChops.invert(picture).getbbox())


def _alike(one: Image.Image, other: Image.Image) -> float:
    """The share of the ink of both that lies in the same place; 1 for the same picture."""
    size = (round(one.width / one.height * 60), 60)
    if abs(other.width / other.height - one.width / one.height) > 0.1 * one.width / one.height:
        return 0.0
    first, second = (ImageChops.invert(each.resize(size)).tobytes() for each in (one, other))
    both = sum(map(min, first, second))
    return both / sum(map(max, first, second))


# A whole letter


@pytest.fixture(scope="module")
def letter() -> Letter:
    """In every script at once, with words that have no end."""
    return signed_letter(
        patient=Patient(name=f"Владимир-محمد 山田太郎 {LONG[:80]}", clinic_number="0042"),
        recipient=Recipient(
            organization="Harbor TMS Center",
            name="Wolfeschlegelsteinhausenbergerdorff" * 3,
            address=LONG,
            secure_reply=ADDRESS,
            copies=f"Д-р Иванов; 李医生; Dr. {'X' * 200}",
        ),
        facts=FACTS.model_copy(
            update={"goals": EVERY_SCRIPT, "told": f"{LONG} हिन्दी ไทย 한국어", "medical": LONG}
        ),
        history=History(
            trials=(DrugTrial(drug=f"Сертралин {LONG[:60]}", highest_dose=LONG[:80]),),
            medicines=(Medicine(name=LONG[:80], dose=LONG[:80], frequency="ежедневно"),),
            allergies=(Allergy(substance="花粉症", reaction=LONG[:100]),),
        ),
        plan=Plan(reasoning=f"{EVERY_SCRIPT} {LONG}", questions=LONG),
    )


@pytest.fixture(scope="module")
def pdf(letter: Letter) -> bytes:
    return draw(letter)


@pytest.mark.slow
def test_no_sign_of_a_letter_is_an_empty_box(pdf: bytes) -> None:
    """Every glyph that is shown is none of the empty ones, and has an outline where it has text."""
    shown = 0
    with pikepdf.open(BytesIO(pdf)) as document:
        for page in document.pages:
            fonts = {name: _Embedded(one) for name, one in page.Resources.Font.items()}
            for font, glyph in _glyphs_on(page):
                shown += 1
                assert glyph != 0
                assert fonts[font].is_right(glyph)
    assert shown > 1000


def _glyphs_on(page: Any) -> Iterator[tuple[str, int]]:
    font = ""
    instructions: Any = pikepdf.parse_content_stream(page)
    for operands, operator in instructions:
        if str(operator) == "Tf":
            font = str(operands[0])
        elif str(operator) in ("Tj", "TJ"):
            parts = operands[0] if str(operator) == "TJ" else operands
            for part in parts:
                if isinstance(part, pikepdf.String):
                    raw = bytes(part)
                    yield from (
                        (font, int.from_bytes(raw[place : place + 2]))
                        for place in range(0, len(raw), 2)
                    )


class _Embedded:
    """A font as the PDF carries it: its outlines, and which text each glyph stands for."""

    def __init__(self, font: Any) -> None:
        descriptor = font.DescendantFonts[0].FontDescriptor
        file = descriptor.get("/FontFile2", descriptor.get("/FontFile3"))
        self.glyphs = TTFont(BytesIO(file.read_bytes()))["glyf"]
        mapped = re.findall(rb"<([0-9a-f]{4})> <([0-9a-f]*)>", font.ToUnicode.read_bytes())
        self.text = {int(one, 16): bytes.fromhex(two.decode()) for one, two in mapped}

    def is_right(self, glyph: int) -> bool:
        text = self.text[glyph].decode("utf-16-be")
        outline = self.glyphs[self.glyphs.glyphOrder[glyph]]
        # From right to left a cluster has a code for each sign, and the last of them draws it.
        beside = all(unicodedata.bidirectional(one) in ("R", "AL", "NSM") for one in text)
        return outline.numberOfContours != 0 or not text.strip() or beside


MARGIN_LEFT, MARGIN_RIGHT = 56.7, 51.0
"""Points: 20 and 18 mm."""


def test_no_line_runs_off_the_page_or_over_its_neighbor(pdf: bytes) -> None:
    usual = draw(signed_letter(request=SOON))
    for page in itertools.chain(*map(pypdfium2.PdfDocument, (pdf, usual))):
        width, _ = page.get_size()
        text = page.get_textpage()
        boxes = [text.get_rect(place) for place in range(text.count_rects())]
        assert all(left > MARGIN_LEFT - 1 for left, _, _, _ in boxes)
        assert all(right < width - MARGIN_RIGHT + 1 for _, _, right, _ in boxes)
        for (left, low, right, high), other in itertools.combinations(boxes, 2):
            across = min(right, other[2]) - max(left, other[0])
            along = min(high, other[3]) - max(low, other[1])
            assert across < 2 or along < 4, "two lines are drawn over each other"


def test_text_of_every_script_can_be_copied(pdf: bytes) -> None:
    whole = "".join(pages_of(pdf))

    for words in ("Владимир", "Ελένη", "Wŷnne", "한국어", "山田太郎", "ไทย"):
        assert words in whole


@pytest.mark.slow
def test_machine_changes_nothing(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Neither its fonts, its languages nor its home: the bytes are those of any other."""
    html = PAGE.format(f"<p>{EVERY_SCRIPT}")
    drawn = draw_html(html, identifier=b"0" * 16, paper="letter")
    for name, value in (("FONTCONFIG_FILE", "/etc/fonts/fonts.conf"), ("LANG", "ja_JP.UTF-8")):
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("HOME", str(tmp_path))
    room = PressRoom(find_fonts()[0].parent, later=folder_of(CHINESE), seconds=30)

    try:
        style = style_text("letter", faces=faces_for(html).faces)
        assert room.draw(Job(html, style, b"0" * 16)) == drawn
        environment = Path(f"/proc/{room._process.pid}/environ").read_bytes()  # type: ignore[union-attr]
    finally:
        room.end()

    assert (
        b"FONTCONFIG_FILE=" + os.fsencode(str(typefaces.__file__.rpartition("/")[0])) in environment
    )
    assert b"ja_JP" not in environment


# What no font has


@for_each("sign", ["😀", "ᚠ", "\ue000", "ቋ"])
def test_press_gives_no_pdf_with_a_box(sign: str) -> None:
    with pytest.raises(LetterCannotBeDrawnError, match=f"No font here has {sign} \\(U\\+"):
        draw_html(PAGE.format(f"<p>a {sign} b"), identifier=b"0" * 16, paper="letter")


def test_what_no_font_has_is_named_with_its_place() -> None:
    history = History(trials=(DrugTrial(drug="Sertraline 😀"),))
    letter = signed_letter(patient=Patient(name="Ann ᚠ", clinic_number="1"), history=history)

    found = {(one.label, one.where) for one in unprintable(letter)}

    assert found == {
        (
            "No font here has “ᚠ” (U+16A0), in the patient’s details. Write it in other letters",
            "patient",
        ),
        ("No font here has “ᚠ” (U+16A0), in the head. Write it in other letters", "facts"),
        ("No font here has “😀” (U+1F600), in “Tried”. Write it in other letters", "history"),
        (
            "No font here has “😀” (U+1F600), in “Medicines tried in this episode”. "
            "Write it in other letters",
            "history",
        ),
    }


def test_every_text_of_a_letter_is_looked_up() -> None:
    answers = {**vignettes()["responder-relapsed"], "suicide_risk": "plan_or_intent"}
    letter = signed_letter(answers=answers, plan=Plan(reasoning="R", act_first_done="D"))

    looked_up = "\n".join(text for _, _, text in boxes._places(letter))

    assert all(part in looked_up for text in letter.texts for part in text.split(", "))


def test_letter_waits_for_fonts_that_are_being_fetched(monkeypatch: pytest.MonkeyPatch) -> None:
    plain = signed_letter()
    letter = signed_letter(patient=Patient(name="山田", clinic_number="1"))
    assert unprintable(letter) == ()

    monkeypatch.setattr(typefaces, "COMES_LATER", ("static", "no such folder"))

    assert unprintable(plain) == ()
    assert (
        "“山” (U+5C71), “田” (U+7530), in the patient’s details: the fonts for it are still "
        in str([one.label for one in unprintable(letter)])
    )


@pytest.mark.django_db
def test_letter_with_a_box_is_not_signed(therapist: User) -> None:
    draft = make_draft(therapist, make_decision(therapist, name="Ann 😀"))

    with pytest.raises(LetterIncompleteError, match="No font here has “😀”"):
        sign(draft, therapist)


# Families


def test_no_two_files_share_a_family_and_none_is_generic() -> None:
    families = [family for one in EVERY_FACE for family, _ in one.files]
    style = style_text("letter", more=("sheet.css",), faces=EVERY_FACE)

    assert len(families) == len(set(families))
    assert style.count("@font-face") == len(families)
    assert not re.search(r"sans-serif|\bserif\b|unicode-range|\"Letter(?: Strong)?\"", style)
    for rule in re.findall(r"\{[^{}]*font-weight: (\d+)[^{}]*\}", style):
        assert rule in ("400", "700")
    for weight, families_named in re.findall(r"font-weight: (\d+); font-family: ([^;]+);", style):
        assert ("Letter Strong Latin" in families_named) == (weight == "700")
    assert style.count("font-weight") == len(re.findall(r"font-weight: \d+; font-family", style))


def test_one_font_is_taken_for_what_stays_together() -> None:
    assert faces_for("Ann").faces == OF_EVERY_LETTER
    assert faces_for("Nguyễn m\u0303").faces[0].family == "Letter Noto"
    assert faces_for("Владимир").faces[:2] == OF_EVERY_LETTER
    assert CHINESE in faces_for("李").faces
    assert JAPANESE in faces_for("李 さん").faces
    assert CHINESE not in faces_for("李 さん").faces
