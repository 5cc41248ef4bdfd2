"""Which sources and topics hold all that is asked for, and where."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache, reduce

from evidence.postings import AS_WRITTEN, RANKS, Place, Postings
from evidence.search_index import Lookup
from evidence.topics import Topic, topics
from evidence.words import AskedPart, AskedWord, identifier, stems_in, whole_term

SHORTEST_BEGINNING = 3
"""Letters that a beginning of a word needs to be looked for."""


@dataclass(frozen=True)
class Match:
    """How much a hit says, the lower the more, and where."""

    rank: int
    places: frozenset[Place]


Matches = dict[str, Match]
"""By the key of the source."""


def matches(parts: tuple[AskedPart, ...], lookup: Lookup) -> Matches:
    """The sources that hold every part; none where nothing is asked for."""
    words = [word for part in parts for word in part.words]
    wholes = [whole_term(part.whole) for part in parts]
    postings = lookup.exactly([*wholes, *(one for w in words for one in (w.raw, w.stem))])
    found = [_of_part(part, postings, lookup) for part in parts]
    return reduce(_both, found) if found else {}


def _of_part(part: AskedPart, postings: Postings, lookup: Lookup) -> Matches:
    whole = postings.get((Place.IDENTIFIER, whole_term(part.whole)))
    if whole:
        return _said(Place.IDENTIFIER, whole)
    return reduce(_both, (_of_word(word, postings, lookup) for word in part.words))


def _of_word(word: AskedWord, postings: Postings, lookup: Lookup) -> Matches:
    found = _joined(_exactly(word, postings))
    if found or len(word.raw) < SHORTEST_BEGINNING:
        return found
    beginning = lookup.beginning_with(word.raw)
    return _joined(_said(place, keys) for (place, _), keys in beginning.items())


def _exactly(word: AskedWord, postings: Postings) -> Iterator[Matches]:
    for place in Place:
        term = word.raw if place in AS_WRITTEN else word.stem
        yield _said(place, postings.get((place, term), ()))


def _said(place: Place, keys: tuple[str, ...]) -> Matches:
    match = Match(RANKS[place], frozenset({place}))
    return dict.fromkeys(keys, match)


def _joined(found: Iterator[Matches]) -> Matches:
    """Whatever either holds, by the place that says most."""
    joined: Matches = {}
    for one in found:
        for key, match in one.items():
            was = joined.get(key, match)
            joined[key] = Match(min(was.rank, match.rank), was.places | match.places)
    return joined


def _both(one: Matches, other: Matches) -> Matches:
    """What both hold."""
    return {
        key: Match(match.rank + other[key].rank, match.places | other[key].places)
        for key, match in one.items()
        if key in other
    }


def topics_about(parts: tuple[AskedPart, ...]) -> tuple[Topic, ...]:
    """The rules and questions that hold every part, in their own id or in their words."""
    return tuple(topic for topic in topics() if parts and _is_about(topic, parts))


def _is_about(topic: Topic, parts: tuple[AskedPart, ...]) -> bool:
    stems = _stems_of(topic)
    return all(
        part.whole == identifier(topic.id) or all(word.stem in stems for word in part.words)
        for part in parts
    )


@lru_cache(maxsize=2048)
def _stems_of(topic: Topic) -> frozenset[str]:
    return frozenset(stems_in(f"{topic.id} {topic.words}"))
