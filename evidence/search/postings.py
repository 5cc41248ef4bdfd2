"""Where each word is: the index of a search as plain values."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from enum import StrEnum
from functools import lru_cache

from evidence.domain.entries import EvidenceBase, Source
from evidence.search.words import stems_in, whole_term, words_in


class Place(StrEnum):
    """Where a word was found; the names are what a reader is told."""

    IDENTIFIER = "key or number"
    TITLE = "title"
    AUTHORS = "authors"
    FINDINGS = "findings"
    STUDIED = "what was studied"
    LIMITS = "limits"


AS_WRITTEN = frozenset({Place.IDENTIFIER, Place.AUTHORS})
"""Places of names and numbers, which have no endings to take off."""

RANKS: Mapping[Place, int] = {
    Place.IDENTIFIER: 0,
    Place.TITLE: 0,
    Place.AUTHORS: 0,
    Place.FINDINGS: 1,
    Place.STUDIED: 1,
    Place.LIMITS: 1,
}
"""The lower, the more a hit says."""

Postings = Mapping[tuple[Place, str], tuple[str, ...]]
"""Place and term -> keys of the sources that have it there, in order."""


@lru_cache(maxsize=2)
def postings_of(evidence: EvidenceBase) -> Postings:
    """The index of all sources of a release, kept in the process for the last two asked for."""
    found: dict[tuple[Place, str], list[str]] = {}
    for source in evidence.sources:
        for placed in _terms_of(source):
            found.setdefault(placed, []).append(source.key)
    return {place: tuple(keys) for place, keys in found.items()}


@lru_cache(maxsize=1024)
def _terms_of(source: Source) -> tuple[tuple[Place, str], ...]:
    """Each of its terms once a place. A release differs from the one before in a few sources."""
    return tuple((place, term) for place in Place for term in dict.fromkeys(_terms(source, place)))


def _terms(source: Source, place: Place) -> Iterable[str]:
    match place:
        case Place.IDENTIFIER:
            numbers = [one for one in (source.doi, source.pmid, source.pmcid) if one]
            wholes = [whole_term(one) for one in (source.key, *numbers)]
            return [*wholes, *words_in(" ".join((source.key, *numbers)))]
        case Place.TITLE:
            return stems_in(source.title or "")
        case Place.AUTHORS:
            return words_in(" ".join((source.label, *source.authors)))
        case Place.FINDINGS:
            return stems_in(source.findings or "")
        case Place.STUDIED:
            parts = (source.population, source.intervention, source.comparator)
            return stems_in(" ".join(part for part in parts if part))
        case Place.LIMITS:
            until = f"valid until {source.valid_until}" if source.valid_until else ""
            return stems_in(f"{source.limitations or ''} {until}")
