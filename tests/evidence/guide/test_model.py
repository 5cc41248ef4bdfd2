"""Sentences of the guide beside the evidence: what carries them, and what no longer does."""

from __future__ import annotations

from pathlib import Path

import pytest
from pydantic import ValidationError

from evidence.domain.entries import EvidenceBase, Withdrawal
from evidence.domain.terms import EntryKind, WithdrawnAs
from evidence.guide.loading import GUIDE, GuideRefused, load_guide, read_guide
from evidence.guide.model import (
    Comparison,
    Guide,
    Row,
    Section,
    Sentence,
    Standing,
    numbers_in,
    problems_of,
    result_of,
    sources_of,
    standing_of,
)
from evidence.loading import load_dossier
from tests.collecting import for_each
from tests.evidence.evidence_factories import make_result, with_source

BOTH = Sentence(say="Found in both.", sources=("shanok-2024", "philip-2016"))


def make_guide(*sentences: Sentence, comparisons: tuple[Comparison, ...] = ()) -> Guide:
    names = tuple(one.id for one in comparisons)
    section = Section(id="one", heading="One", sentences=sentences or (BOTH,), comparisons=names)
    return Guide(title="T", question="Q?", sections=(section,), comparisons=comparisons)


def test_own_guide_is_carried_by_own_dossier() -> None:
    assert list(problems_of(load_guide(), load_dossier())) == []


def test_sentence_without_source_is_refused() -> None:
    with pytest.raises(ValidationError, match="no source is named"):
        Sentence(say="Everybody knows.")


@for_each(
    ("text", "numbers"),
    [
        ("17 of 27 and 14 of 18", {"17", "27", "14", "18"}),
        ("0.31 per 10,000 sessions", {"0.31", "10000"}),
        ("4.0 points (95% interval 0.64 to 7.31)", {"4", "0.64", "7.31"}),
        ("a phase 3 trial with the PHQ-9", set()),
        ("at 3, 6 and 12.", {"3", "6", "12"}),
    ],
)
def test_numbers_in(text: str, numbers: set[str]) -> None:
    assert numbers_in(text) == numbers


def test_number_that_no_source_prints_is_a_problem() -> None:
    guide = make_guide(Sentence(say="It helped 99 of 100.", sources=("philip-2016",)))

    problems = list(problems_of(guide, load_dossier()))

    assert len(problems) == 1
    assert "100, 99 is in none of the sources" in problems[0]


def test_unknown_source_and_caution_are_problems() -> None:
    guide = make_guide(Sentence(say="So it is.", sources=("nobody-1999",), cautions=("no-such",)))

    problems = list(problems_of(guide, load_dossier()))

    assert problems == [
        "one: there is no source nobody-1999",
        "one: there is no caution no-such",
    ]


def test_row_that_names_no_one_result_is_a_problem() -> None:
    row = Row(source="senova-2019", measure="sustained response", arm="rTMS responders")
    other = Row(source="philip-2016", measure="length of reintroduction", arm="observation arm")
    guide = make_guide(comparisons=(Comparison(id="c", title="C", rows=(row, other)),))

    assert list(problems_of(guide, load_dossier())) == [
        "c: senova-2019 has not one result “sustained response”, “rTMS responders”",
    ]


def test_rows_of_different_units_are_a_problem() -> None:
    rows = (
        Row(source="popova-2019", measure="discontinued for adverse event", arm="esketamine"),
        Row(source="philip-2016", measure="length of reintroduction", arm="observation arm"),
    )
    guide = make_guide(comparisons=(Comparison(id="c", title="C", rows=rows),))

    assert list(problems_of(guide, load_dossier())) == ["c: its results have different units"]


def test_comparison_that_no_section_shows_is_refused() -> None:
    row = Row(source="philip-2016", measure="m", arm="a")
    section = Section(id="one", heading="One", sentences=(BOTH,))

    with pytest.raises(ValidationError, match="each comparison belongs to one section: c"):
        Guide(
            title="T",
            question="Q?",
            sections=(section,),
            comparisons=(Comparison(id="c", title="C", rows=(row, row)),),
        )


@pytest.mark.parametrize(
    ("withdrawn", "standing"),
    [
        (set(), Standing.STANDS),
        ({"shanok-2024"}, Standing.PARTLY),
        ({"shanok-2024", "philip-2016"}, Standing.FALLEN),
    ],
)
def test_sentence_falls_with_its_sources(withdrawn: set[str], standing: Standing) -> None:
    evidence = load_dossier().with_retracted(frozenset(withdrawn))

    assert standing_of(BOTH, evidence) is standing


def test_sentence_is_outdated_when_its_number_changes() -> None:
    sentence = Sentence(say="17 of 27 responded.", sources=("philip-2016",))
    corrected = with_source(
        load_dossier(), "philip-2016", results=(make_result(events=16, total=26, value=61.5),)
    )

    assert standing_of(sentence, load_dossier()) is Standing.STANDS
    assert standing_of(sentence, corrected) is Standing.OUTDATED


def test_caution_counts_while_one_of_its_sources_does() -> None:
    sentence = Sentence(say="Certified settings.", cautions=("rems-access",))
    evidence = load_dossier()
    one = frozenset({"spravato-label"})
    both = one | {"fda-2025-esketamine-monotherapy"}

    assert sources_of(sentence, evidence) == ("spravato-label", "fda-2025-esketamine-monotherapy")
    assert standing_of(sentence, evidence.with_retracted(one)) is Standing.STANDS
    assert standing_of(sentence, evidence.with_retracted(both)) is Standing.FALLEN


def test_withdrawn_caution_carries_nothing() -> None:
    sentence = Sentence(say="Certified settings.", cautions=("rems-access",))

    assert standing_of(sentence, _without_caution("rems-access")) is Standing.FALLEN


def _without_caution(key: str) -> EvidenceBase:
    dossier = load_dossier()
    withdrawal = Withdrawal(
        entry=EntryKind.CAUTION,
        key=key,
        withdrawn_as=WithdrawnAs.WRONG,
        reason="Test.",
        on="2026-11-01",
    )
    return dossier.changed(withdrawals=(withdrawal,))


def test_result_of_needs_the_time_where_several_fit() -> None:
    row = {"source": "senova-2019", "measure": "sustained response", "arm": "rTMS responders"}

    found = result_of(Row(**row, timepoint="6 months"), load_dossier())

    assert found is not None
    assert found.value == 52.9
    assert result_of(Row(**row), load_dossier()) is None


def test_unreadable_guide_is_refused_with_its_place(tmp_path: Path) -> None:
    file = tmp_path / "guide.yaml"
    file.write_text(GUIDE.read_text(encoding="utf-8").replace("title:", "titel:", 1))

    with pytest.raises(GuideRefused, match=r"guide.yaml: .*title"):
        read_guide(file)
