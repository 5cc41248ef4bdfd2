"""P-19: what stops the sheet from being printed, and what is told then."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, time
from typing import Any

import pytest
import time_machine
from django.core.cache import cache
from django.test import Client

from decisions.documents.decision_aid.loading import sheet_version
from decisions.pdf import render
from evidence.domain.entries import Withdrawal
from evidence.domain.terms import EntryKind, WithdrawnAs
from evidence.loading import load_dossier
from tests.decisions.decision_aid.sheet_factories import IN_TIME, PAPER, TOO_LATE, own_view, page_of
from tests.evidence.evidence_factories import load_own_dossier, with_source, withdraw

pytestmark = pytest.mark.django_db

NOON = time(12, tzinfo=UTC)
AT_ONCE = 0.001
"""Seconds in which nothing can be drawn."""


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
def press_without_time(settings: Any) -> Iterator[None]:
    """A press that is stopped before it can draw."""
    settings.LETTER_SECONDS = AT_ONCE
    render._room.cache_clear()
    yield
    render._room.cache_clear()


@pytest.mark.usefixtures("in_time")
def test_sheet_in_time_is_printed(reader: Client) -> None:
    response = reader.get(PAPER)

    assert response.status_code == 200
    assert response["Content-Type"] == "application/pdf"
    assert f"options-after-tms-{sheet_version()}.pdf" in response["Content-Disposition"]
    assert "This sheet cannot be printed now" not in page_of(reader)


@pytest.mark.usefixtures("in_time")
def test_sheet_is_drawn_once(reader: Client, request: pytest.FixtureRequest) -> None:
    drawn = reader.get(PAPER).content
    request.getfixturevalue("press_without_time")

    assert reader.get(PAPER).content == drawn
    cache.clear()
    assert reader.get(PAPER).status_code == 503


@pytest.mark.usefixtures("too_late")
def test_p19_overdue_review_stops_printing(reader: Client) -> None:
    response = reader.get(PAPER)

    assert response.status_code == 409
    page = response.content.decode()
    assert "It was due to be looked at by 28 May 2027, and nobody has." in page
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
    assert own_view(today=date(2027, 5, 28)).blocks == ()
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


@pytest.mark.usefixtures("in_time", "press_without_time")
def test_sheet_that_is_not_drawn_stays_on_its_page(reader: Client) -> None:
    response = reader.get(PAPER)

    page = response.content.decode()
    assert response.status_code == 503
    assert "The PDF could not be made" in page
    assert "your browser can print it" in page
    assert "What is going on?" in page
