"""What holds until a day: warned of before it, and named beside every sentence after it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.test import Client
from pydantic import ValidationError

from evidence.curation.release_actions import load_evidence
from evidence.domain.entries import Caution, EvidenceBase
from evidence.domain.terms import Certainty, Verified
from evidence.ending import Endings, EndingWords, ending_words, has_ended, say_until
from evidence.exchange.reading import read_file
from evidence.exchange.writing import write_csv
from evidence.guide.loading import load_guide
from evidence.guide.reading import present_guide
from evidence.loading import load_dossier
from evidence.presenters.lists import present_claims, present_positions
from evidence.queries import current_evidence
from evidence.search.search import Criteria, find_sources
from evidence.todo import ToDo, ToDoKind, todo
from kapnet.core.people.models import User
from tests.evidence.evidence_factories import (
    approve,
    change_source,
    load_own_dossier,
    make_source,
    publish,
    with_source,
)

LAST = date(2026, 12, 31)
AFTER = date(2027, 1, 1)
RULE = "dea-2025-telemedicine"
TOLD = "This rule has ended; check. It was valid until 31 December 2026."


@pytest.fixture
def reader(client_for: Callable[[User], Client], therapist: User) -> Client:
    return client_for(therapist)


def evidence_with(*, source: date | None = None, caution: date | None = None) -> EvidenceBase:
    """A source and a caution that rests on it."""
    return EvidenceBase(
        release="r",
        sources=(make_source(certainty=Certainty.LOW, certainty_why="small", valid_until=source),),
        cautions=(
            Caution(
                key="at-home",
                applies_to="ketamine",
                strength="precaution",
                condition="At home",
                why="A rule allows it.",
                sources=("some-2020",),
                verified=Verified.ABSTRACT,
                valid_until=caution,
            ),
        ),
    )


@pytest.mark.parametrize(
    ("valid_until", "today", "ended"),
    [(LAST, LAST, False), (LAST, AFTER, True), (None, AFTER, False)],
)
def test_last_day_still_holds(valid_until: date | None, today: date, *, ended: bool) -> None:
    assert has_ended(valid_until, today=today) is ended


def test_sentence_on_a_source_that_ended_says_so() -> None:
    evidence = evidence_with(source=LAST)

    assert Endings(evidence, AFTER).beside(["some-2020"]) == TOLD
    assert Endings(evidence, LAST).beside(["some-2020"]) == ""
    assert Endings(evidence, AFTER).beside(["other-2020"]) == ""


@pytest.mark.parametrize("fields", [{"source": LAST}, {"caution": LAST}])
def test_caution_ends_with_its_own_day_and_with_that_of_its_source(fields: Any) -> None:
    assert Endings(evidence_with(**fields), AFTER).beside((), ["at-home"]) == TOLD


def test_withdrawn_source_ends_nothing() -> None:
    evidence = evidence_with(source=LAST).with_retracted(frozenset({"some-2020"}))

    assert Endings(evidence, AFTER).beside(["some-2020"], ["at-home"]) == ""


def endings_to_do(evidence: EvidenceBase, today: date) -> list[ToDo]:
    return [one for one in todo(evidence, today=today) if one.kind is ToDoKind.ENDING]


@pytest.mark.parametrize(
    ("today", "lines"),
    [(date(2026, 10, 31), 0), (date(2026, 11, 1), 1), (LAST, 1), (AFTER, 1)],
)
@pytest.mark.parametrize("fields", [{"source": LAST}, {"caution": LAST}])
def test_it_is_left_to_do_from_sixty_days_before(fields: Any, today: date, lines: int) -> None:
    assert len(endings_to_do(evidence_with(**fields), today)) == lines


def test_own_dossier_warns_of_the_telehealth_rule() -> None:
    found = endings_to_do(load_dossier(), date(2026, 11, 28))

    assert [one.key for one in found] == [RULE, "unmonitored-home-ketamine"]
    assert all("31 December 2026" in one.sentence for one in found)


def test_guide_says_it_beside_what_rests_on_the_rule_and_nowhere_else() -> None:
    def told(today: date) -> list[str]:
        view = present_guide(load_guide(), load_dossier(), today=today)
        return [one.condition for one in view.cautions if one.ended]

    assert told(LAST) == []
    assert told(AFTER) == ["Any ketamine taken at home, especially alone"]


def test_guide_sentence_claim_and_guideline_say_it() -> None:
    evidence = with_source(load_dossier(), "lam-2024-canmat", valid_until=LAST)

    guide = present_guide(load_guide(), evidence, today=AFTER)
    claims = present_claims(evidence, today=AFTER)
    rows = present_positions(evidence, Endings(evidence, AFTER))

    sentences = [one for section in guide.sections for one in section.sentences]
    assert any(one.ended for one in sentences)
    assert all(
        bool(one.ended) == any(ref.view.source.key == "lam-2024-canmat" for ref in one.references)
        for one in sentences
    )
    assert {one.claim.id for one in claims if one.ended} == {
        one.id for one in evidence.claims if "lam-2024-canmat" in one.evidence
    }
    assert {one.source.source.key for one in rows if one.ended} == {"lam-2024-canmat"}


@pytest.mark.django_db
def test_pages_say_it_once_the_day_is_past(reader: Client) -> None:
    past = with_source(load_dossier(), RULE, valid_until=date(2020, 1, 31))
    load_evidence(evidence=with_source(past, "lam-2024-canmat", valid_until=date(2020, 1, 31)))

    for address in (f"/evidence/{RULE}/", "/evidence/?words=telemedicine", "/guide/"):
        page = reader.get(address).content.decode()
        assert "This rule has ended; check. It was valid until 31 January 2020." in page
    for address in ("/evidence/claims/", "/evidence/positions/"):
        assert "This rule has ended; check." in reader.get(address).content.decode()


@pytest.mark.django_db
def test_page_of_a_rule_that_holds_says_until_when(reader: Client) -> None:
    load_evidence(evidence=with_source(load_dossier(), RULE, valid_until=date(2199, 12, 31)))

    assert "Valid until 31 December 2199." in reader.get(f"/evidence/{RULE}/").content.decode()


@pytest.mark.django_db
def test_curator_gives_the_next_last_day(
    client_for: Callable[[User], Client], evidence_admin: User
) -> None:
    load_own_dossier()
    form = client_for(evidence_admin).get(f"/admin/evidence/source/{RULE}/change/")
    assert 'name="valid_until"' in form.content.decode()

    approve(change_source(RULE, valid_until=date(2027, 6, 30)))
    publish()

    assert current_evidence().source(RULE).valid_until == date(2027, 6, 30)


@pytest.mark.django_db
def test_last_day_is_searched_for() -> None:
    load_own_dossier()

    found = find_sources(load_dossier(), Criteria(words="valid until 2026-12-31"))

    assert [one.key for one in found.sources] == [RULE]


def test_table_of_references_keeps_the_last_day() -> None:
    (entry,) = read_file(write_csv([make_source(valid_until=LAST)]).encode()).entries

    assert entry.valid_until == LAST


def test_last_day_that_is_no_day_is_an_error_of_its_row() -> None:
    (entry,) = read_file(b"title,valid until\nA rule,soon").entries

    assert entry.errors == ("Its last day is not written as 2026-12-31.",)


def test_source_without_a_last_day_says_nothing() -> None:
    assert say_until(make_source(), today=AFTER) == ""


@pytest.mark.parametrize("said", ["It ended.", "It ended {when}.", "{day}, {day}"])
def test_words_without_their_one_day_are_refused(said: str) -> None:
    with pytest.raises(ValidationError, match=r"write \{day\} once"):
        EndingWords(**{**ending_words().model_dump(), "until": said})
