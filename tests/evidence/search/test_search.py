"""Search and filters of the evidence list, by either index."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from decisions.rules.loading import load_edition
from evidence import hook_points, hooks
from evidence.curation.release_actions import load_evidence
from evidence.domain.entries import EvidenceBase
from evidence.loading import load_dossier
from evidence.models import Release, SearchIndex, SearchTerm
from evidence.queries import current_evidence, kept_evidence_of
from evidence.search.postings import Place, postings_of
from evidence.search.search import Criteria, find_sources
from evidence.search.search_index import InDatabase, InProcess, lookup_for
from tests.collecting import for_each
from tests.evidence.evidence_factories import (
    approve,
    change_source,
    load_own_dossier,
    make_source,
    publish,
    take_evidence_out,
)
from tests.rounds import ROUNDS

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


def keys(criteria: Criteria) -> list[str]:
    return [source.key for source in find_sources(load_dossier(), criteria).sources]


@pytest.fixture(params=["index in the database", "no index"])
def either_index(request: pytest.FixtureRequest) -> str:
    """The dossier, with and without a release of it."""
    if request.param == "no index":
        take_evidence_out()
    return str(request.param)


def test_nothing_asked_finds_everything() -> None:
    assert len(keys(Criteria())) == 158


@for_each(
    ("words", "key"),
    [
        ("philip-2016", "philip-2016"),
        ("PHILIP", "philip-2016"),
        ("Dunner Philip", "philip-2016"),
        ("10.1016/j.brs.2015.11.007", "philip-2016"),
        ("https://doi.org/10.1016/J.BRS.2015.11.007", "philip-2016"),
        ("doi:10.1016/j.brs.2015.11.007", "philip-2016"),
        ("DOI: 10.1016/j.brs.2015.11.007.", "philip-2016"),
        ("26708778", "philip-2016"),
        ("PMID: 26708778", "philip-2016"),
        ("https://pubmed.ncbi.nlm.nih.gov/26708778/", "philip-2016"),
        ("debowska", "debowska-2023"),
        ("Dębowska", "debowska-2023"),
        ("CANMAT 2024", "lam-2024-canmat"),
        ("Hoffken", "hoffken-2013"),
        ("the study by Philip", "philip-2016"),
        ("phil", "philip-2016"),
    ],
)
def test_words_find(either_index: str, words: str, key: str) -> None:
    assert key in keys(Criteria(words=words))


@for_each("words", ["10.1016/j.brs.2015.11.007", "26708778", "philip-2016"])
def test_number_or_key_finds_its_source_alone(either_index: str, words: str) -> None:
    assert keys(Criteria(words=words)) == ["philip-2016"]


def test_every_form_of_a_word_finds_the_same() -> None:
    found = keys(Criteria(words="relapse"))

    assert len(found) > 5
    assert keys(Criteria(words="relapses")) == found
    assert keys(Criteria(words="RELAPSED")) == found


def test_names_are_taken_as_written() -> None:
    assert "philip-2016" not in keys(Criteria(words="philips"))


def test_every_word_must_occur(either_index: str) -> None:
    assert keys(Criteria(words="philip zebra")) == []


@for_each("words", ["?", '"', "%", "_", "* -", "'", "()"])
def test_signs_alone_find_nothing(either_index: str, words: str) -> None:
    assert keys(Criteria(words=words)) == []


@for_each(
    "words",
    ["philip*", '"philip"', "philip & ", "(philip)", "philip:", "title:philip", "philip' OR 1=1"],
)
def test_operators_are_taken_literally(either_index: str, words: str) -> None:
    found = keys(Criteria(words=words))

    assert found in ([], ["philip-2016"]) or "philip-2016" in found


@for_each("words", ["philip NOT 2016", "NEAR(philip zebra)", "philip | zebra"])
def test_operators_leave_nothing_out_and_add_nothing(either_index: str, words: str) -> None:
    assert set(keys(Criteria(words=words))) <= set(keys(Criteria(words="philip")))


def test_rule_finds_what_it_cites() -> None:
    rule = next(rule for rule in load_edition().rules if rule.evidence)

    for words in (rule.id, rule.because):
        assert set(rule.evidence) <= set(keys(Criteria(words=words)))


def test_question_finds_what_its_rules_cite() -> None:
    edition = load_edition()
    cited = {key for rule in edition.rules_using("bp_systolic") for key in rule.evidence}

    assert cited
    assert cited <= set(keys(Criteria(words="bp_systolic")))
    assert cited <= set(keys(Criteria(words="systolic blood pressure")))


def test_hit_says_where_and_by_what_it_was_found() -> None:
    rule = next(rule for rule in load_edition().rules if rule.evidence)

    by_word = find_sources(load_dossier(), Criteria(words="Philip reintroduction"))
    by_rule = find_sources(load_dossier(), Criteria(words=rule.id))

    assert Place.AUTHORS in by_word.places("philip-2016")
    assert rule.id in [topic.id for topic in by_rule.topics[rule.evidence[0]]]


def test_title_and_authors_stand_before_findings_and_rules(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    rule = hooks.Topic("rule", "some-rule", "A rule", "zebras", frozenset({"by-rule"}))
    monkeypatch.setattr(hook_points.TOPICS, "tellers", [lambda: (rule,)])
    evidence = EvidenceBase(
        release="small",
        sources=(
            make_source(key="by-rule", year=2026),
            make_source(key="in-findings", findings="A zebra.", year=2025),
            make_source(key="older-title", title="Zebras", year=2001),
            make_source(key="by-author", authors=("Zebra Q",), year=2010),
        ),
    )

    found = find_sources(evidence, Criteria(words="zebra")).sources

    assert [one.key for one in found] == ["by-author", "older-title", "in-findings", "by-rule"]


def test_filters_hold_together() -> None:
    criteria = Criteria(kind="rct", bears_on="sequence", certainty="low", verified="abstract")
    found = find_sources(load_dossier(), criteria).sources

    assert found
    for source in found:
        assert (source.kind, source.certainty, source.verified) == ("rct", "low", "abstract")
        assert "sequence" in source.bears_on


def test_not_graded_is_a_filter_of_its_own() -> None:
    found = find_sources(load_dossier(), Criteria(certainty="not_graded")).sources

    assert found
    assert all(source.certainty is None for source in found)


def test_newest_stand_first_and_undated_last() -> None:
    found = find_sources(load_dossier(), Criteria()).sources

    years = [source.year or 0 for source in found]
    assert years == sorted(years, reverse=True)


# The index


def test_release_is_indexed_with_it() -> None:
    load_own_dossier()
    first = SearchIndex.objects.get()
    approve(change_source("philip-2016", findings="Zebras were read about."))
    release = publish()

    assert SearchIndex.objects.get().sha256 == release.sha256 != first.sha256
    found = find_sources(current_evidence(), Criteria(words="zebra")).sources
    assert [source.key for source in found] == ["philip-2016"]


def test_index_holds_the_words_of_its_release_and_no_others() -> None:
    load_own_dossier()
    for findings in ("Zebras and gnus were read about.", "Gnus were read about."):
        approve(change_source("philip-2016", findings=findings))
        publish()

        rows = SearchTerm.objects.values_list("place", "term", "keys")
        indexed = {(Place(place), term): tuple(keys.split(" ")) for place, term, keys in rows}
        assert indexed == postings_of(current_evidence())


def test_earlier_release_is_searched_without_the_index() -> None:
    load_own_dossier()
    approve(change_source("philip-2016", findings="Zebras were read about."))
    publish()
    earlier = kept_evidence_of(Release.objects.get(number=1))

    assert isinstance(lookup_for(current_evidence()), InDatabase)
    assert isinstance(lookup_for(earlier), InProcess)
    assert find_sources(earlier, Criteria(words="zebra")).sources == ()
    assert find_sources(earlier, Criteria(words="philip")).sources


def test_loading_again_mends_a_missing_index() -> None:
    load_own_dossier()
    SearchIndex.objects.all().delete()

    load_evidence(evidence=load_dossier())

    assert isinstance(lookup_for(current_evidence()), InDatabase)


def _asked() -> st.SearchStrategy[str]:
    """Whatever a person, a program or an attacker may type: words of the evidence among it."""
    text = " ".join(f"{one.label} {one.title} {one.findings}" for one in load_dossier().sources)
    words = st.sampled_from(sorted(set(text.split())))
    signs = st.sampled_from(["AND", "OR", "NOT", "NEAR", "*", '"', "'", ":", "\0", "%", "_", "\\"])
    beginnings = words.map(lambda word: word[:4])
    anything = st.text(max_size=200)
    return st.lists(words | beginnings | signs | anything, max_size=5).map(" ".join)


@pytest.fixture
def indexed() -> InDatabase:
    """The dossier in the database."""
    load_own_dossier()
    lookup = lookup_for(load_dossier())
    assert isinstance(lookup, InDatabase)
    return lookup


def test_both_indexes_find_the_same_whatever_is_asked(indexed: InDatabase) -> None:
    evidence = load_dossier()

    @settings(max_examples=100 * ROUNDS, deadline=None, database=None)
    @given(words=_asked())
    def check(words: str) -> None:
        stored = find_sources(evidence, Criteria(words=words), indexed)
        built = find_sources(evidence, Criteria(words=words), InProcess(evidence))

        assert [one.key for one in stored.sources] == [one.key for one in built.sources]
        assert stored.matches == built.matches

    check()
