"""Sentences of the guide that the evidence carries no more, for the list of what is left to do."""

from __future__ import annotations

from collections.abc import Iterator

from evidence.domain.entries import EvidenceBase
from evidence.guide.loading import load_guide
from evidence.guide.model import Standing, standing_of
from evidence.todo import ToDo, ToDoKind

WHAT_HAPPENED = {
    Standing.FALLEN: "All its sources are withdrawn; the guide strikes it through",
    Standing.PARTLY: "Some of its sources are withdrawn",
    Standing.OUTDATED: "A number in it is no longer what its source says",
}


def guide_sentences(evidence: EvidenceBase) -> Iterator[ToDo]:
    """One line for each sentence of the guide that does not hold in full."""
    for section in load_guide().sections:
        for sentence in section.sentences:
            standing = standing_of(sentence, evidence)
            if standing is not Standing.STANDS:
                yield ToDo(
                    kind=ToDoKind.GUIDE,
                    label=section.heading,
                    sentence=f"{WHAT_HAPPENED[standing]}: “{sentence.say}”",
                )
