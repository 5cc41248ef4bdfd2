"""Where guidelines differ: only newest words, only what was read, only what counts."""

from __future__ import annotations

from typing import Any

from evidence.domain.disagreements import Standing, disagreements
from evidence.domain.entries import EvidenceBase, Position, Withdrawal
from evidence.domain.terms import EntryKind
from evidence.loading import load_dossier
from evidence.pages.timelines import timelines
from tests.evidence.evidence_factories import make_source


def make_position(body: str, year: int | None, line: str | None, **fields: Any) -> Position:
    usual = {
        "id": f"{body.lower()}-{year}",
        "guideline": "some-2020",
        "organisation": body,
        "year": year,
        "treatment": "rtms",
        "indication": "Depression",
        "line": line,
        "stance": "line" if line else "not_read",
        "verified": "abstract",
    }
    return Position.model_validate({**usual, **fields})


def evidence_of(*positions: Position) -> EvidenceBase:
    keys = dict.fromkeys(["some-2020", *(one.guideline for one in positions)])
    sources = tuple(make_source(key=key) for key in keys)
    return EvidenceBase(release="test", sources=sources, positions=positions)


def test_own_dossier_differs_on_three_treatments() -> None:
    found = disagreements(load_dossier())

    assert [one.treatment for one in found] == ["rtms", "intranasal_esketamine", "iv_ketamine"]
    by_body = {word.organisation: word for word in found[1].words}
    assert by_body["CANMAT"].standings == {Standing.RECOMMENDS}
    assert by_body["NICE"].standings == {Standing.NOT_RECOMMENDED}


def test_lines_of_one_sort_are_no_disagreement() -> None:
    assert not disagreements(
        evidence_of(make_position("A", 2020, "first"), make_position("B", 2021, "recommended"))
    )


def test_older_word_of_a_body_is_passed_over() -> None:
    old = make_position("A", 2016, "not_recommended", guideline="old-2016")
    new = make_position("A", 2024, "first", guideline="new-2024")

    assert not disagreements(evidence_of(old, new, make_position("B", 2021, "second")))


def test_text_that_was_not_read_differs_with_nobody_and_is_told() -> None:
    unread = make_position("B", 2025, None)
    evidence = evidence_of(
        make_position("A", 2020, "first"), make_position("B", 2021, "optional"), unread
    )

    (found,) = disagreements(evidence)

    words = {word.organisation: word for word in found.words}
    assert words["B"].newer_not_read == 2025
    assert words["A"].newer_not_read is None
    assert [word.organisation for word in found.words] == ["B", "A"]


def test_withdrawn_position_is_left_out() -> None:
    evidence = evidence_of(make_position("A", 2020, "first"), make_position("B", 2021, "optional"))
    withdrawal = Withdrawal(
        entry=EntryKind.POSITION, key="b-2021", withdrawn_as="wrong", reason="R.", on="2026-01-01"
    )

    assert disagreements(evidence)
    assert not disagreements(evidence.changed(withdrawals=(withdrawal,)))


def test_timeline_is_ordered_and_told_whole() -> None:
    found = {one.id: one for one in timelines(load_dossier())}

    rtms = found["timeline-rtms"]
    years = [row.year for row in rtms.rows]

    assert years == sorted(years)
    assert len(rtms.panels[0].rows) == len(rtms.rows) == 12
    assert "timeline-combination" not in found
    places = [float(row.x.rstrip("%")) for row in rtms.panels[0].rows]
    assert places == sorted(places)
    assert 0 <= places[0] < places[-1] <= 100


def test_position_without_a_year_is_told_and_not_drawn() -> None:
    undated = make_position("B", None, "optional", guideline="undated", id="undated")

    (timeline,) = timelines(evidence_of(make_position("A", 2020, "first"), undated))

    assert [row.year for row in timeline.rows] == ["no year", "2020"]
    assert len(timeline.panels[0].rows) == 1
