"""The words of the answer: a sentence for each kind of result, a clause for each other option."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from string import Formatter
from typing import Self

from pydantic import model_validator

from decisions.rules.logic.values import Frozen, Text


class Lead(StrEnum):
    """What a result comes to. Each outcome is exactly one of these."""

    ACT_FIRST = "act_first"
    LEADS = "leads"
    LEADS_SO_FAR = "leads_so_far"
    UNPROVEN = "unproven"
    NEEDS_SPECIALIST = "needs_specialist"
    NEEDS_SPECIALIST_AND_ANSWERS = "needs_specialist_and_answers"
    NEEDS_ANSWERS = "needs_answers"
    CLOSE = "close"
    TOO_LITTLE = "too_little"
    NONE_OPEN = "none_open"
    NONE_SUITABLE = "none_suitable"


class Clause(StrEnum):
    """What is said of an option besides the one that leads."""

    STOP = "stop"
    BAR = "bar"
    NO_OWN_REASON = "no_own_reason"
    REVIEW = "review"
    HELD_OPEN = "held_open"
    PENDING = "pending"
    BELOW_ZERO = "below_zero"
    REASONABLE_SO_FAR = "reasonable_so_far"
    REASONABLE = "reasonable"


class OneOrMany(Frozen):
    """A text for one of something, and for several."""

    one: Text
    many: Text


Counted = Text | OneOrMany


def for_count(text: Counted, count: int) -> str:
    """The text for this many; one that counts nothing is the same for all."""
    if isinstance(text, str):
        return text
    return text.one if count == 1 else text.many


PLACES = {"options", "reasons", "open"}
"""What the sentences may leave to be filled in."""


class AnswerWords(Frozen):
    """Raises pydantic.ValidationError where a sentence is missing, or nothing fills a place in.

    leads: by how many questions are open. clauses: by how many options are spoken of.
    """

    leads: Mapping[Lead, Counted]
    clauses: Mapping[Clause, Counted]
    by_preference: Text
    open: Counted
    more: Counted

    @model_validator(mode="after")
    def _is_whole(self) -> Self:
        for field, kinds in (("leads", Lead), ("clauses", Clause)):
            if missing := sorted(set(kinds) - getattr(self, field).keys()):
                raise ValueError(f"{field}: add {', '.join(missing)}")
        every = [*self.leads.values(), *self.clauses.values()]
        texts = [self.by_preference, *(for_count(one, count) for one in every for count in (1, 2))]
        strange = {place for text in texts for place in _places(text)} - PLACES
        if strange:
            raise ValueError(f"nothing fills in {', '.join(sorted(strange))}")
        return self


def _places(text: str) -> list[str]:
    return [place for _, place, _, _ in Formatter().parse(text) if place is not None]
