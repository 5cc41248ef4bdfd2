"""Search and filters of the evidence list."""

from __future__ import annotations

import pytest

from evidence.loading import load_dossier
from evidence.search import Criteria, find_sources


def keys(criteria: Criteria) -> set[str]:
    return {source.key for source in find_sources(load_dossier(), criteria)}


def test_nothing_asked_finds_everything() -> None:
    assert len(keys(Criteria())) == 126


@pytest.mark.parametrize(
    ("words", "key"),
    [
        ("philip-2016", "philip-2016"),
        ("PHILIP", "philip-2016"),
        ("Dunner Philip", "philip-2016"),
        ("10.1016/j.brs.2015.11.007", "philip-2016"),
        ("26708778", "philip-2016"),
        ("debowska", "debowska-2023"),
        ("CANMAT 2024", "lam-2024-canmat"),
        ("Hoffken", "hoffken-2013"),
    ],
)
def test_words_find(words: str, key: str) -> None:
    assert key in keys(Criteria(words=words))


def test_every_word_must_occur() -> None:
    assert keys(Criteria(words="philip zebra")) == set()


def test_filters_hold_together() -> None:
    found = find_sources(
        load_dossier(),
        Criteria(kind="rct", bears_on="sequence", certainty="low", verified="abstract"),
    )

    assert found
    for source in found:
        assert (source.kind, source.certainty, source.verified) == ("rct", "low", "abstract")
        assert "sequence" in source.bears_on


def test_not_graded_is_a_filter_of_its_own() -> None:
    found = find_sources(load_dossier(), Criteria(certainty="not_graded"))

    assert found
    assert all(source.certainty is None for source in found)


def test_newest_stand_first_and_undated_last() -> None:
    years = [source.year or 0 for source in find_sources(load_dossier(), Criteria())]

    assert years == sorted(years, reverse=True)
