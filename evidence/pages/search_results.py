"""The rows of the evidence list: each source, and why it was found."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from evidence.domain.entries import EvidenceBase, Source
from evidence.ending import Endings, say_until
from evidence.hooks import Topic
from evidence.presenters.source import SourceView, present_source_of
from evidence.search.search import Found

RULE = "rule"
"""The kind of topic that is a sentence, and can have ended."""
MOST_TOPICS = 2
"""More rules and questions than these are only counted."""


@dataclass(frozen=True)
class FoundRow:
    """A source of the list. why: sentences, none where no words were asked for.

    until: its last day in words; blank where it has none.
    """

    view: SourceView
    until: str
    why: tuple[str, ...]


def present_found(
    shown: Iterable[Source], found: Found, evidence: EvidenceBase, *, today: date
) -> list[FoundRow]:
    """The rows of one page of the list."""
    endings = Endings(evidence, today)
    return [
        FoundRow(
            view=present_source_of(one.key, evidence),
            until=say_until(one, today=today),
            why=tuple(_why(one.key, found, endings)),
        )
        for one in shown
    ]


def _why(key: str, found: Found, endings: Endings) -> Iterator[str]:
    if places := found.places(key):
        yield f"Found in: {', '.join(places)}."
    topics = found.topics.get(key, ())
    for topic in topics[:MOST_TOPICS]:
        yield _rests_on_it(topic, endings)
    if (more := len(topics) - MOST_TOPICS) > 0:
        yield f"Rules and questions besides these: {more}."


def _rests_on_it(topic: Topic, endings: Endings) -> str:
    said = f"Found by the {topic.kind} “{topic.label}”"
    return endings.said(said, topic.keys) if topic.kind == RULE else said
