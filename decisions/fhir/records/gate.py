"""What of a case may leave to one reader: records of substance use, by the rules of letters.

What a program under 42 CFR Part 2 recorded leaves only under a consent that reaches the reader; a
source that nobody knows counts as such a program. A letter is read by its signer for words that
tell the rest. Nobody reads what leaves here: so a text with such a word stays.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from decisions.documents.letter.sharing import FREE_SOURCES, Consent
from decisions.documents.letter.withheld import mentioned


@dataclass(frozen=True)
class Reader:
    """Who reads. is_owner: the clinic itself, which keeps all of it. sees_reasoning: whether it
    has the right to the therapist's own reasons."""

    name: str
    is_owner: bool = False
    sees_reasoning: bool = False


OWNER = Reader("", is_owner=True, sees_reasoning=True)
"""The clinic, which takes everything along."""


@dataclass(frozen=True)
class Gate:
    """What is kept back. questions: ids of answers; mentions: words of free texts."""

    is_closed: bool
    questions: frozenset[str]
    mentions: tuple[str, ...]

    def keeps_back(self, question: str) -> bool:
        """Whether the answer to a question stays."""
        return self.is_closed and question in self.questions

    def lets(self, *values: object) -> bool:
        """Whether these values, with all texts in them, may leave."""
        return not self.is_closed or not mentioned(self.mentions, " ".join(_texts(values)))


def gate_for(
    reader: Reader,
    *,
    source: str,
    consents: Iterable[Consent],
    questions: Iterable[str],
    mentions: tuple[str, ...],
    on: date,
) -> Gate:
    """source: where the answers on substance use come from; empty while nobody has said.

    consents: those under 42 CFR Part 2. on: today.
    """
    is_free = reader.is_owner or source in FREE_SOURCES
    return Gate(
        is_closed=not is_free and not any(_reaches(one, reader, on) for one in consents),
        questions=frozenset(questions),
        mentions=mentions,
    )


def _reaches(consent: Consent, reader: Reader, on: date) -> bool:
    problem = consent.problem(names=(reader.name,), has_copies=False, on=on, substance_use=True)
    return problem is None


def _texts(value: object) -> Iterable[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for one in value.values():
            yield from _texts(one)
    elif isinstance(value, list | tuple):
        for one in value:
            yield from _texts(one)
