"""The two pages: the same numbers in every language, plain words, two leaves of paper, kept."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, time
from io import BytesIO
from typing import Any

import page
import pikepdf
import pytest
import textstat
import time_machine
from django.conf import settings
from django.core.cache import cache
from django.test import Client

from decisions.decision_aid.rendering import draw_short
from decisions.decision_aid.short_reading import ShortView, present_short
from decisions.documents.decision_aid.loading import SheetRefused, load_sheet
from decisions.documents.decision_aid.short import figures_of
from decisions.documents.decision_aid.short_loading import (
    FILES,
    lay_over,
    load_short,
    read_short,
)
from decisions.pdf import render
from decisions.rules.loading import CURRENT_EDITION, EDITIONS
from evidence.loading import load_dossier
from evidence.strict_yaml import read_yaml
from tests.collecting import for_each
from tests.decisions.decision_aid.reading_grade import grade
from tests.decisions.decision_aid.sheet_factories import (
    IN_TIME,
    SHEET,
    SHORT,
    SHORT_PAPER,
    SPANISH,
    SPANISH_PAPER,
    page_of,
    words_of,
)
from tests.decisions.letters.pdf_reading import pages_of

HIGHEST_GRADE, MOST_WORDS = 6.0, 12
EASY_IN_SPANISH = 65
"""Szigriszt-Pazos, as the INFLESZ scale reads it: fairly easy from here on."""

LEAST_SHARE_OF_LONGEST = 0.75
"""How few words one option may have of what the longest has."""

Raw = dict[str, Any]


def raw_of(language: str) -> Raw:
    raw: Any = copy.deepcopy(read_yaml(EDITIONS / CURRENT_EDITION / FILES[language]))
    return dict(raw)


def view_of(language: str, *discussed: str) -> ShortView:
    return present_short(
        load_short(language), load_sheet(), load_dossier(), today=IN_TIME, discussed=discussed
    )


def texts_of(view: ShortView) -> list[str]:
    short = view.short
    cells = [line.say for t in view.tables for r in t.rows for _, cell in r.under for line in cell]
    asked = [*short.questions.ask, *short.values.statements]
    return [short.title, short.lead, short.how_to_read, *cells, *asked, short.next, short.longer]


# The words


def test_numbers_come_from_the_figures_of_the_long_sheet() -> None:
    for language in FILES:
        said = " ".join(texts_of(view_of(language)))
        assert "{" not in said
        for number in ("27", "18", "8 to 19" if language == "en" else "8 a 19", "41"):
            assert number in said


def test_harms_have_a_comparator_as_benefits_have() -> None:
    short, figures = load_short(), figures_of(load_sheet())
    alone = {
        line.figure
        for topic in short.topics
        for lines in topic.cells.values()
        for line in lines
        if line.figure and len(figures[line.figure].arms) == 1
    }

    assert alone == {"tms-lasts", "ect-lasts"}  # how long a gain lasts: no group without it


def test_each_option_says_as_much() -> None:
    rows = [row for table in view_of("en").tables for row in table.rows]
    words: dict[str, int] = {}
    for row in rows:
        said = [line.say for _, cell in row.under for line in cell]
        words[row.option] = words.get(row.option, 0) + len(" ".join(said).split())

    assert min(words.values()) >= max(words.values()) * LEAST_SHARE_OF_LONGEST


def test_reading_grade_is_at_most_six() -> None:
    found = grade("Two pages", texts_of(view_of("en")))

    print(found)
    assert found.replaced <= HIGHEST_GRADE
    assert found.words_a_sentence <= MOST_WORDS


def test_spanish_is_fairly_easy_and_says_that_nobody_checked_it() -> None:
    view, language = view_of("es"), "es"
    textstat.set_lang(language)
    try:
        score = textstat.szigriszt_pazos("\n".join(texts_of(view)))
    finally:
        textstat.set_lang("en_US")

    print(f"Szigriszt-Pazos {score:.0f}")
    assert score >= EASY_IN_SPANISH
    assert not view.short.checked
    assert "Ningún clínico ha revisado esta traducción" in view.short.not_checked


@for_each(
    ("change", "told"),
    [
        (lambda raw: first(raw, "esketamine", 0, figure="no-such"), "no figure no-such"),
        (lambda raw: first(raw, "esketamine", 0, say="After 8 weeks {0}."), "says [0] of the"),
        (
            lambda raw: first(raw, "esketamine", 0, say="Of 9, {0}, {1}."),
            "9 is in no source",
        ),
        (lambda raw: first(raw, "no_change", 0, say="It helps 7 people."), "7 is in no source"),
        (lambda raw: raw["first"][0]["cells"].pop("both"), "one cell each"),
        (lambda raw: raw["first"][2]["cells"]["both"].pop(), "as many lines for each option"),
    ],
)
def test_pages_that_say_what_no_source_says_are_refused(
    change: Callable[[Raw], object], told: str
) -> None:
    raw = raw_of("en")
    change(raw)

    with pytest.raises(SheetRefused) as refused:
        read_short(raw, "en")
    assert told in str(refused.value)


def first(raw: Raw, option: str, place: int, **changes: object) -> None:
    raw["first"][0]["cells"][option][place].update(changes)


def test_translation_that_lacks_a_line_is_refused() -> None:
    words = raw_of("es")
    words["second"][0]["cells"]["both"] = []

    with pytest.raises(SheetRefused, match="visits, both: as many lines"):
        lay_over(raw_of("en"), words, FILES["es"])


# The paper


@pytest.mark.slow
@for_each("language", list(FILES))
def test_paper_is_two_pages_in_its_language_on_both_sizes(language: str) -> None:
    view = view_of(language, "repeat_tms")
    for paper in render.PAPERS:
        settings.LETTER_PAPER, before = paper, settings.LETTER_PAPER
        try:
            pdf = draw_short(view)
        finally:
            settings.LETTER_PAPER = before
        with pikepdf.open(BytesIO(pdf)) as document:
            assert document.Root.Lang == view.short.language
            assert str(document.docinfo["/Title"]) == view.short.title
            assert len(document.pages) == 2, paper
    report = page.validate_pdf_bytes(pdf, profile=page.ValidationProfile.PDF_UA_1)
    assert report.is_compliant, [one.message for one in report.failures]
    printed = " ".join(" ".join(pages_of(pdf)).split())
    assert view.short.options["repeat_tms"] + " ✓" in printed
    assert printed.count("✓") == 1


# The pages


@pytest.fixture
def in_time() -> Iterator[None]:
    with time_machine.travel(datetime.combine(IN_TIME, time(12, tzinfo=UTC)), tick=True):
        yield


@pytest.mark.django_db
@pytest.mark.usefixtures("in_time")
def test_two_pages_come_first_and_the_long_one_is_behind_them(reader: Client) -> None:
    english, spanish = page_of(reader, SHORT), page_of(reader, SPANISH)

    assert f'href="{SHEET}"' in english
    assert 'lang="es"' in english
    assert '<article class="sheet short" lang="es">' in spanish
    assert "No clinician has checked this translation yet." in spanish
    assert "si alguien está en peligro" in words_of(reader, SPANISH).lower()
    assert "mensaje de texto al 988 (las 24 horas del día)" in spanish
    assert reader.get("/guide/sheet/xx/").status_code == 404


@pytest.mark.django_db
@pytest.mark.usefixtures("in_time")
def test_papers_are_drawn_once_and_marked(reader: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    drawn: list[str] = []

    def draw(view: ShortView) -> bytes:
        drawn.append(view.short.language)
        return b"%PDF-" + "".join(name for name, marked in view.discussed if marked).encode()

    monkeypatch.setattr("decisions.decision_aid.views.draw_short", draw)
    marked = f"{SHORT_PAPER}?discussed=both&discussed=repeat_tms&discussed=hope"

    said = [reader.get(one).content for one in (marked, marked, SPANISH_PAPER, SPANISH_PAPER)]

    assert said == [b"%PDF-TMS againBoth at once"] * 2 + [b"%PDF-"] * 2
    assert drawn == ["en-US", "es"]
    cache.clear()
    reader.get(marked)
    assert len(drawn) == 3


@pytest.mark.django_db
@pytest.mark.usefixtures("in_time")
def test_kept_page_is_made_of_settings_and_day(reader: Client, monkeypatch: Any) -> None:
    before = page_of(reader, SHORT)
    monkeypatch.setattr(settings, "SHEET_CLINIC_EARNS_FROM", ["repeat_tms"])

    after = page_of(reader, SHORT)

    assert "If your clinic earns from an option is not stated: ask." in before
    assert "Your clinic earns money from: TMS again." in after
