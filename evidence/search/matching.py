"""Which sources and topics hold all that is asked for, and where."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache, reduce
from operator import or_
from typing import NamedTuple

from evidence.hooks import Topic, topics
from evidence.search.postings import AS_WRITTEN, RANKS, Place, Postings
from evidence.search.search_index import Lookup
from evidence.search.words import AskedPart, AskedWord, identifier, stems_in, whole_term

SHORTEST_BEGINNING = 3
"""Letters that a beginning of a word needs to be looked for."""


MARKS = {place: 1 << number for number, place in enumerate(Place)}
"""One bit a place: a common word stands in thousands of sources, and bits are quick to join."""
SAYS_MOST = sum(mark for place, mark in MARKS.items() if RANKS[place] == 0)

Marks = dict[str, int]
"""Key of a source -> the places where a word stands in it."""


class Match(NamedTuple):
    """How much a hit says, the lower the more, and where all of its words are, as bits."""

    rank: int
    marks: int

    @property
    def places(self) -> tuple[Place, ...]:
        """Where, in the order of the places."""
        return tuple(place for place, mark in MARKS.items() if self.marks & mark)


def matches(parts: tuple[AskedPart, ...], lookup: Lookup) -> dict[str, Match]:
    """The sources that hold every part, by key; none where nothing is asked for."""
    words = [word for part in parts for word in part.words]
    wholes = [whole_term(part.whole) for part in parts]
    postings = lookup.exactly([*wholes, *(one for w in words for one in (w.raw, w.stem))])
    return _in_all([marks for part in parts for marks in _of_part(part, postings, lookup)])


def _of_part(part: AskedPart, postings: Postings, lookup: Lookup) -> list[Marks]:
    whole = postings.get((Place.IDENTIFIER, whole_term(part.whole)))
    if whole:
        return [dict.fromkeys(whole, MARKS[Place.IDENTIFIER])]
    return [_of_word(word, postings, lookup) for word in part.words]


def _of_word(word: AskedWord, postings: Postings, lookup: Lookup) -> Marks:
    terms = ((place, word.raw if place in AS_WRITTEN else word.stem) for place in Place)
    found = _joined((place, postings.get((place, term), ())) for place, term in terms)
    if found or len(word.raw) < SHORTEST_BEGINNING:
        return found
    beginning = lookup.beginning_with(word.raw)
    return _joined((place, keys) for (place, _), keys in beginning.items())


def _joined(found: Iterable[tuple[Place, tuple[str, ...]]]) -> Marks:
    marks: Marks = {}
    for place, keys in found:
        mark = MARKS[place]
        for key in keys:
            marks[key] = marks.get(key, 0) | mark
    return marks


def _in_all(words: list[Marks]) -> dict[str, Match]:
    """The sources that every word stands in. Each word that only the text holds counts one."""
    if not words:
        return {}
    keys = set(words[0]).intersection(*words[1:])
    return {key: _match([marks[key] for marks in words]) for key in keys}


def _match(marks: list[int]) -> Match:
    rank = sum(1 for mark in marks if not mark & SAYS_MOST)
    return Match(rank, reduce(or_, marks))


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
