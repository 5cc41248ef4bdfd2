"""Finding sources by words and by what they are."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache

from evidence.domain.entries import EvidenceBase, Source
from evidence.hooks import Topic
from evidence.search.matching import Match, matches, topics_about
from evidence.search.postings import Place
from evidence.search.search_index import Lookup, lookup_for
from evidence.search.words import asked_parts, plain

NOT_GRADED = "not_graded"
"""Asks for the sources without certainty."""

LAST = 1_000_000
"""The rank of a source that only a rule or a question leads to."""


@dataclass(frozen=True)
class Criteria:
    """What is asked for; a blank asks nothing. Every word must occur."""

    words: str = ""
    kind: str = ""
    bears_on: str = ""
    certainty: str = ""
    verified: str = ""


@dataclass(frozen=True)
class Found:
    """Sources in order, and by key why each was found; nothing where no words were asked for."""

    sources: tuple[Source, ...]
    matches: Mapping[str, Match] = field(default_factory=dict)
    topics: Mapping[str, tuple[Topic, ...]] = field(default_factory=dict)

    def places(self, key: str) -> tuple[Place, ...]:
        """Where the words stand in this source, in the order of the places."""
        match = self.matches.get(key)
        return match.places if match else ()


def find_sources(evidence: EvidenceBase, criteria: Criteria, lookup: Lookup | None = None) -> Found:
    """The sources that fit: with words those that say most first, else the newest first."""
    if not criteria.words.strip():
        return Found(tuple(one for one in newest_first(evidence) if _fits(one, criteria)))
    parts = asked_parts(criteria.words)
    matched = matches(parts, lookup or lookup_for(evidence))
    topics = _by_key(topics_about(parts))
    keys = matched.keys() | topics.keys()
    found = [one for one in newest_first(evidence) if one.key in keys and _fits(one, criteria)]
    ranked = sorted(found, key=lambda source: _rank(matched.get(source.key)))
    return Found(tuple(ranked), matched, topics)


@lru_cache(maxsize=4)
def newest_first(evidence: EvidenceBase) -> tuple[Source, ...]:
    """All sources, the newest first, without a year last; kept in the process."""
    return tuple(sorted(evidence.sources, key=lambda one: (-(one.year or 0), plain(one.label))))


def _rank(match: Match | None) -> int:
    return match.rank if match else LAST


def _by_key(topics: Iterable[Topic]) -> dict[str, tuple[Topic, ...]]:
    found: dict[str, tuple[Topic, ...]] = {}
    for topic in topics:
        for key in topic.keys:
            found[key] = (*found.get(key, ()), topic)
    return found


def _fits(source: Source, criteria: Criteria) -> bool:
    return (
        criteria.kind in ("", source.kind)
        and (not criteria.bears_on or criteria.bears_on in source.bears_on)
        and criteria.certainty in ("", source.certainty or NOT_GRADED)
        and criteria.verified in ("", source.verified)
    )
