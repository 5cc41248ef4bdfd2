"""What a decision aid has to hold (P-01 to P-19), each by its own test, on the page as printed."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, time
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.utils.html import strip_tags

from decisions.domain.sheet import Cell, Figure, Topic
from decisions.sheet.wording import load_sheet, sheet_version
from evidence.domain import EntryKind, Withdrawal, WithdrawnAs
from evidence.loading import load_dossier
from kapnet.clinics.models import User
from tests.decisions.case_factories import make_case
from tests.evidence.evidence_factories import load_own_dossier, with_source, withdraw
from tests.sheet.sheet_factories import IN_TIME, TOO_LATE, own_view

pytestmark = pytest.mark.django_db

SHEET, PAPER = "/guide/sheet/", "/guide/sheet/sheet.pdf"
TAG = re.compile(r"<[^>]*>")
NOON = time(12, tzinfo=UTC)


@pytest.fixture
def in_time() -> Iterator[None]:
    """A day on which the sheet may be printed. It has to come before whoever signs in."""
    with time_machine.travel(datetime.combine(IN_TIME, NOON), tick=True):
        yield


@pytest.fixture
def too_late() -> Iterator[None]:
    """The first day on which it may not."""
    with time_machine.travel(datetime.combine(TOO_LATE, NOON), tick=True):
        yield


@pytest.fixture
def reader(client: Client, therapist: User) -> Client:
    client.force_login(therapist)
    return client


def page_of(client: Client, address: str = SHEET) -> str:
    return client.get(address).content.decode()


def words_of(client: Client, address: str = SHEET) -> str:
    """The page as it is read, without tags, in one line."""
    page = re.sub(r"<title>.*?</title>|<svg.*?</svg>", "", page_of(client, address))
    return " ".join(TAG.sub(" ", page).split())


def topic(name: str) -> Topic:
    return next(one for one in load_sheet().topics if one.id == name)


def figures() -> list[Figure]:
    return [one for one in load_sheet().statements() if isinstance(one, Figure)]


def cells() -> list[Cell]:
    return [cell for one in load_sheet().topics for cell in one.cells.values()]


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


@pytest.mark.parametrize(
    ("name", "kind"),
    [("better", "benefit"), ("lasts", "benefit"), ("common", "harm"), ("serious", "harm")],
)
def test_p04_p05_benefits_and_harms_are_told_of_each_option(
    reader: Client, name: str, kind: str
) -> None:
    words = words_of(reader)

    assert topic(name).kind == kind
    for cell in topic(name).cells.values():
        assert all(line.say in words for line in cell.lines)
        assert all(f"{figure.who}, {figure.when}:" in words for figure in cell.figures)


@pytest.mark.parametrize("name", ["body", "mind", "daily"])
def test_p06_what_it_is_like_is_told_of_each_option(reader: Client, name: str) -> None:
    words = words_of(reader)

    assert all(line.say in words for cell in topic(name).cells.values() for line in cell.lines)


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

    assert f"Version {sheet_version()} of 23 Nov 2026. Evidence release 2026-11." in words_of(
        reader
    )


def test_p10_next_review_is_named(reader: Client) -> None:
    words = words_of(reader)

    assert "We look at it again every six months" in words
    assert "due by 23 May 2027" in words


def test_p11_uncertainty_is_said_with_range_and_best_estimate(reader: Client) -> None:
    words = words_of(reader)

    assert "46 of 100 were still much better. 54 were not. Our best estimate is 46." in words
    assert "It could be 33 to 61. We are fairly sure." in words
    assert "Our best estimate: 14 more of 100 in the first group. It could be 4 to 24 more" in words
    notes = [f.notes for t in own_view().tables for r in t.rows for c in r.cells for f in c.figures]
    assert all(any(note.startswith("We are") for note in one) for one in notes)
    assert all(any(note.startswith("We read") for note in one) for one in notes)


def test_p12_funding_and_who_earns_are_told(reader: Client) -> None:
    words = words_of(reader)

    assert "This sheet is made by the open-source project Kapnet." in words
    assert "Its maker does not earn money from any option here." in words
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
    assert "61 to 75 of 100 felt cut off" in words
    assert "25 to 39 did not." in words
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


# What stops its printing


@pytest.mark.usefixtures("in_time")
def test_sheet_in_time_is_printed(reader: Client) -> None:
    response = reader.get(PAPER)

    assert response.status_code == 200
    assert response["Content-Type"] == "application/pdf"
    assert f"options-after-tms-{sheet_version()}.pdf" in response["Content-Disposition"]
    assert "This sheet cannot be printed now" not in page_of(reader)


@pytest.mark.usefixtures("too_late")
def test_p19_overdue_review_stops_printing(reader: Client) -> None:
    response = reader.get(PAPER)

    assert response.status_code == 409
    page = response.content.decode()
    assert "It was due to be looked at by 23 May 2027, and nobody has." in page
    assert "Do not hand it over." in page
    assert "PDF to print" not in page
    assert "What is going on?" in page


@pytest.mark.usefixtures("in_time")
def test_p19_withdrawn_source_stops_printing(reader: Client) -> None:
    load_own_dossier()
    withdraw("shanok-2024")

    response = reader.get(PAPER)

    assert response.status_code == 409
    assert "Shanok 2024 has been taken back" in response.content.decode()
    assert "Shanok 2024 has been taken back" in page_of(reader)
    assert "<strong>Taken back.</strong>" in page_of(reader)


def test_p19_last_day_of_review_is_in_time() -> None:
    assert own_view(today=date(2027, 5, 23)).blocks == ()
    assert len(own_view(today=TOO_LATE).blocks) == 1


def test_p19_changed_number_stops_printing() -> None:
    results = tuple(
        one.model_copy(update={"value": 31.0}) if one.value == 27.1 else one
        for one in load_dossier().source("reif-2023").results
    )

    blocks = own_view(evidence=with_source(load_dossier(), "reif-2023", results=results)).blocks

    assert len(blocks) == 1
    assert "the sheet says 27, its source 31.0" in blocks[0]


def test_p19_withdrawn_caution_stops_printing() -> None:
    gone = Withdrawal(
        entry=EntryKind.CAUTION,
        key="cystitis",
        withdrawn_as=WithdrawnAs.WRONG,
        reason="For this test.",
        on=IN_TIME,
    )

    blocks = own_view(evidence=load_dossier().changed(withdrawals=(gone,))).blocks

    assert len(blocks) == 1
    assert blocks[0].startswith("Current bladder pain")


def test_visitor_has_to_sign_in(client: Client) -> None:
    assert client.get(SHEET).status_code == 302
    assert client.get(PAPER).status_code == 302


def test_sheet_is_linked_where_it_is_looked_for(reader: Client, therapist: User) -> None:
    case = make_case(therapist)

    assert f'href="{SHEET}"' in page_of(reader, "/guide/")
    assert f'href="{SHEET}"' in page_of(reader, f"/cases/{case.pk}/decision/")
