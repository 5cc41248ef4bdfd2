"""What a decision aid has to hold (P-01 to P-18), each by its own test, on the page as printed."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.utils.html import strip_tags

from decisions.documents.decision_aid.loading import load_sheet, sheet_version
from decisions.documents.decision_aid.sheet import Figure, Topic
from kapnet.core.people.models import User
from tests.decisions.case_factories import make_case
from tests.decisions.decision_aid.sheet_factories import (
    PAPER,
    SHEET,
    SHORT,
    own_view,
    page_of,
    words_of,
)
from tests.evidence.evidence_factories import load_own_dossier

pytestmark = pytest.mark.django_db


def topic(name: str) -> Topic:
    return next(one for one in load_sheet().topics if one.id == name)


def figures() -> list[Figure]:
    return [one for one in load_sheet().statements() if isinstance(one, Figure)]


# What it tells of (IPDAS, qualifying)


def test_p01_condition_is_described(reader: Client) -> None:
    words = words_of(reader)

    assert "Depression is an illness." in words
    assert "Depression often comes back after TMS has helped." in words


def test_p02_decision_is_stated(reader: Client) -> None:
    assert "What do you want to do next? There are six ways forward." in words_of(reader)


def test_p03_options_by_route_and_doing_nothing_stand_in_their_order(reader: Client) -> None:
    rows = re.findall(r'<th scope="row">([^<]+)</th>', page_of(reader))

    names = [
        "Esketamine nose spray",
        "Ketamine by drip",
        "TMS again",
        "Both at once",
        "Another treatment",
        "No change for now",
    ]
    assert [option.name for option in load_sheet().options] == names
    tables = len(load_sheet().tables)
    assert [row for row in rows if row in names] == names * tables
    assert "Ketamine as a pill, a lozenge or a shot is not shown" in words_of(reader)


def is_told(name: str, words: str) -> bool:
    """Whether every line and figure of a topic is on the page."""
    told = [line.say for cell in topic(name).cells.values() for line in cell.lines]
    counted = [figure for cell in topic(name).cells.values() for figure in cell.figures]
    told += [f"{figure.who}, {figure.when}:" for figure in counted]
    return all(one in words for one in told)


@pytest.mark.parametrize("name", ["better", "lasts"])
def test_p04_benefits_are_told_of_each_option(reader: Client, name: str) -> None:
    assert topic(name).kind == "benefit"
    assert is_told(name, words_of(reader))


@pytest.mark.parametrize("name", ["common", "serious"])
def test_p05_harms_are_told_of_each_option(reader: Client, name: str) -> None:
    assert topic(name).kind == "harm"
    assert is_told(name, words_of(reader))


@pytest.mark.parametrize("name", ["body", "mind", "daily"])
def test_p06_what_it_is_like_is_told_of_each_option(reader: Client, name: str) -> None:
    assert is_told(name, words_of(reader))


# How it tells it (IPDAS, certification)


def test_p07_every_option_has_the_same_rows_and_no_empty_cell(reader: Client) -> None:
    page = page_of(reader)

    kinds = [one.kind for one in load_sheet().topics]
    assert kinds.count("benefit") == kinds.count("harm") == 2
    for table in re.findall(r'<table class="sheet-table sheet-table--.*?</table>', page, re.S):
        rows = re.findall(r"<tr>(.*?)</tr>", table, re.S)
        assert len(rows) == 1 + len(load_sheet().options)
        assert len({len(re.findall(r"<t[hd][ >]", row)) for row in rows}) == 1
        assert all(strip_tags(one).strip() for one in re.findall(r"<td>(.*?)</td>", table, re.S))


def test_p08_each_number_names_its_source_and_each_source_is_listed(reader: Client) -> None:
    page = page_of(reader)

    view = own_view()
    named = set(re.findall(r'href="#sheet-source-(\d+)"', page))
    listed = re.findall(r'id="sheet-source-(\d+)"', page)
    assert listed == [str(one.number) for one in view.references]
    assert named == set(listed)
    shown = [figure for t in view.tables for r in t.rows for c in r.cells for figure in c.figures]
    assert len(shown) == len(figures())
    assert all(figure.references for figure in shown)


def test_p08_sources_say_how_sure_we_are_and_how_much_was_read(reader: Client) -> None:
    words = words_of(reader)

    philip = next(one for one in own_view().references if one.view.source.key == "philip-2016")
    assert (philip.sureness, philip.how_read) == ("We are not sure.", "We read the summary.")
    assert f"{philip.sureness} {philip.how_read}" in words
    listed = words.rpartition("Where the numbers come from")[2]
    quoted = [one for one in own_view().references if one.how_read.endswith("quote it.")]
    assert listed.count("We read it as others quote it.") == len(quoted) > 0


def test_p09_date_edition_and_evidence_are_named(reader: Client) -> None:
    load_own_dossier()

    assert f"Version {sheet_version()} of 29 November 2026. Evidence release 2026-12." in words_of(
        reader
    )


def test_p10_next_review_is_named(reader: Client) -> None:
    words = words_of(reader)

    assert "We look at it again every six months" in words
    assert "due by 28 May 2027" in words


def test_p11_uncertainty_is_said_with_range_and_best_estimate(reader: Client) -> None:
    words = words_of(reader)

    assert "46 of 100 were still much better. 54 were not. Our best estimate is 46." in words
    assert "It could be 33 to 61. We are fairly sure." in words
    assert "Our best estimate: 14 more of 100 in the first group. It could be 4 to 24 more" in words
    notes = [f.notes for t in own_view().tables for r in t.rows for c in r.cells for f in c.figures]
    assert all(any(note.startswith("We are") for note in one) for one in notes)
    assert all(any(note.startswith("We read") for note in one) for one in notes)


def test_p11_quoted_numbers_are_not_as_sure_as_what_a_label_warns_of(reader: Client) -> None:
    words = words_of(reader)

    assert "96 to 99 did not. This is a range over several studies. Half filled:" in words
    assert "from the low to the high number. We are fairly sure. We read it as others" in words
    assert "number. We are very sure." not in words


def test_p12_funding_and_who_earns_are_told(reader: Client) -> None:
    words = words_of(reader)

    assert "This sheet is made by the open-source project Kapnet." in words
    assert "Its maker does not earn money from any option here." in words
    assert "No one who makes, sells or gives one of the options has paid for it." in words
    assert "It has not been stated here if those who give you this sheet earn money" in words
    assert all(line.say in words for c in topic("earns").cells.values() for line in c.lines)
    assert "The maker of the spray paid for the study." in words


def test_p12_earnings_of_the_clinic_come_from_a_setting(reader: Client, settings: Any) -> None:
    settings.SHEET_CLINIC_EARNS_FROM = ["repeat_tms", "both"]
    settings.SHEET_MAKER = "Muster Clinic"
    settings.SHEET_MAKER_EARNS_FROM = ["not_stated"]
    settings.SHEET_PAID_BY = ""

    words = words_of(reader)

    assert "earn money from these options: TMS again, Both at once." in words
    assert "This sheet is made by Muster Clinic. It has not been stated here if its maker" in words
    assert "It has not been stated here who paid for it." in words


def test_p13_people_are_counted_with_time_and_both_ways(reader: Client) -> None:
    words = words_of(reader)

    assert "27 of 100 were well. 73 were not." in words
    assert "27 of 100 got worse again. 73 stayed well." in words
    assert "41 of 100 said that they felt cut off. 59 did not." in words
    assert "8 to 19 of 100 had a strong rise of blood pressure. 81 to 92 did not." in words
    assert "6 of 1,000 had a seizure. 994 did not." in words
    assert all(figure.when and figure.did_not for figure in figures())


def test_p13_no_relative_risk_is_told(reader: Client) -> None:
    words, _, titles = words_of(reader).lower().rpartition("where the numbers come from")

    assert "[1]" in titles
    assert not re.search(r"\bpercent\b|%|\btimes (?:as|more)\b|\bdouble|\bodds\b|\bratio", words)


def test_p14_values_are_marked_without_any_sum(reader: Client) -> None:
    page = page_of(reader)

    values = load_sheet().values
    assert "There is no sum and no right answer." in page
    assert all(statement in page for statement in values.statements)
    assert page.count('<td><span class="sheet-box">') == len(values.statements) * 3
    article = page[page.index("<article") : page.index("</article>")]
    assert not re.search(r"<(?:input|select|textarea|form|button|script)\b", article)


def test_p15_there_are_lines_for_own_questions(reader: Client) -> None:
    page = page_of(reader)

    assert "My own questions" in page
    assert page.count('class="sheet-blank"') == load_sheet().questions.blank_lines == 5
    assert all(question in page for question in load_sheet().questions.ask)


def test_p17_crisis_block_stands_before_everything_else(reader: Client) -> None:
    words = words_of(reader)

    assert "If you might hurt yourself, get help now. Call or text 988 (24 hours a day)" in words
    assert words.index("If you might hurt yourself") < words.index("What is going on?")


def test_p18_sheet_is_the_same_for_everybody(
    client_for: Callable[[User], Client], therapist: User, staff: User, evidence_admin: User
) -> None:
    case = make_case(therapist, name="Maren Sentinel", age_years=42)

    def article(user: User) -> str:
        page = page_of(client_for(user), f"{SHEET}?case={case.pk}")
        return page[page.index("<article") : page.index("</article>")]

    assert article(therapist) == article(staff) == article(evidence_admin)
    assert "Sentinel" not in article(therapist)


def test_p18_nothing_is_recommended(reader: Client) -> None:
    words = words_of(reader)

    assert "it cannot say what is best for you" in words
    advice = r"\b(?:we (?:recommend|advise|suggest)|you should (?:choose|take|have)|best for you\b)"
    assert re.findall(advice, words, re.I) == ["best for you"]


def test_visitor_has_to_sign_in(client: Client) -> None:
    assert client.get(SHEET).status_code == 302
    assert client.get(PAPER).status_code == 302


def test_sheet_is_linked_where_it_is_looked_for(reader: Client, therapist: User) -> None:
    case = make_case(therapist)

    assert f'href="{SHORT}"' in page_of(reader, "/guide/")
    assert f'href="{SHORT}"' in page_of(reader, f"/cases/{case.pk}/decision/")
