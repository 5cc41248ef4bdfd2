"""Finding sources by words and by what they are."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass

from evidence.domain import EvidenceBase, Source

NOT_GRADED = "not_graded"
"""Asks for the sources without certainty."""


@dataclass(frozen=True)
class Criteria:
    """What is asked for; a blank asks nothing. Every word must occur."""

    words: str = ""
    kind: str = ""
    bears_on: str = ""
    certainty: str = ""
    verified: str = ""


def find_sources(evidence: EvidenceBase, criteria: Criteria) -> tuple[Source, ...]:
    """The sources that fit, the newest first; without a year last."""
    words = _plain(criteria.words).split()
    found = [
        source
        for source in evidence.sources
        if _fits(source, criteria) and all(word in _text_of(source) for word in words)
    ]
    return tuple(sorted(found, key=lambda source: (-(source.year or 0), _plain(source.label))))


def _fits(source: Source, criteria: Criteria) -> bool:
    return (
        criteria.kind in ("", source.kind)
        and (not criteria.bears_on or criteria.bears_on in source.bears_on)
        and criteria.certainty in ("", source.certainty or NOT_GRADED)
        and criteria.verified in ("", source.verified)
    )


def _text_of(source: Source) -> str:
    parts = (source.key, source.label, source.title, source.findings, source.doi, source.pmid)
    return _plain(" ".join(part for part in (*parts, source.pmcid, *source.authors) if part))


def _plain(text: str) -> str:
    """Without accents and case, so that Debowska finds Dębowska."""
    apart = unicodedata.normalize("NFKD", text)
    return "".join(letter for letter in apart if not unicodedata.combining(letter)).casefold()
