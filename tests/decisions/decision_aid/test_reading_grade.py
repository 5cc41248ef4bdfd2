"""P-16: grade 8 at most in every section, 6 where somebody has to act. The message reports both."""

from __future__ import annotations

from collections.abc import Callable, Iterable

import pytest
from django.template.loader import render_to_string
from django.utils.html import strip_tags

from decisions.decision_aid.reading import LineView, SheetView, TableView
from tests.decisions.decision_aid.reading_grade import Grade, grade
from tests.decisions.decision_aid.sheet_factories import own_view

HIGHEST, HIGHEST_TO_ACT = 8.0, 6.0
MOST_WORDS = 15
CRISIS_LINE = {
    "emergency_number": "911",
    "call_or_text": "988",
    "chat": "988lifeline.org",
    "hours": "24 hours a day",
    "more": "Veterans: call 988, then press 1, or text 838255.",
}


def says(lines: Iterable[LineView]) -> list[str]:
    return [line.say for line in lines]


def texts_of_table(table: TableView) -> list[str]:
    cells = [cell for row in table.rows for cell in row.cells]
    figures = [text for cell in cells for figure in cell.figures for text in figure.texts]
    return [table.heading, *figures, *(t for cell in cells for t in says(cell.lines))]


def sections() -> dict[str, list[str]]:
    """The words of each section by its heading; sources are titles of others and left out."""
    view: SheetView = own_view()
    sheet = view.sheet
    found = {"Head": [sheet.title, sheet.subtitle, *says(view.general)]}
    found |= {one.heading: [one.heading, *says(one.lines)] for one in view.passages}
    found |= {table.heading: texts_of_table(table) for table in view.tables}
    found[sheet.values.heading] = [*says(view.values.lines), *sheet.values.statements]
    found[sheet.questions.heading] = list(sheet.questions.ask)
    found[sheet.made.heading] = list(view.made)
    found["Sureness"] = [*sheet.sureness.values(), *sheet.how_read.values()]
    return found


def crisis_words() -> list[str]:
    block = render_to_string("components/_crisis_block.html", {"crisis_line": CRISIS_LINE})
    return [" ".join(strip_tags(block).split())]


def to_act() -> dict[str, list[str]]:
    view = own_view()
    return {"Crisis": crisis_words(), view.next.heading: says(view.next.lines)}


def grades(found: dict[str, list[str]]) -> list[Grade]:
    return [grade(section, texts) for section, texts in found.items()]


@pytest.mark.slow
@pytest.mark.parametrize(("found", "highest"), [(sections, HIGHEST), (to_act, HIGHEST_TO_ACT)])
def test_p16_reading_grade(
    found: Callable[[], dict[str, list[str]]],
    highest: float,
    record_property: Callable[[str, object], None],
) -> None:
    graded = grades(found())

    for one in graded:
        record_property(one.section, str(one))
        print(one)
    assert not [str(one) for one in graded if one.replaced > highest]
    assert not [str(one) for one in graded if one.words_a_sentence > MOST_WORDS]


@pytest.mark.slow
def test_names_of_drugs_do_not_count() -> None:
    one = grade("Names", ["Esketamine and aripiprazole and midazolam help."])

    assert one.replaced < one.printed


def test_hard_words_are_found() -> None:
    hard = ["Neuromodulatory interventions necessitate individualized contraindication screening."]

    assert grade("Hard", hard).replaced > HIGHEST
