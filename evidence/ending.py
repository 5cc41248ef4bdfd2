"""What holds only until a day, such as a temporary rule: whether that day is past, in words."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache, cached_property, lru_cache
from pathlib import Path
from string import Formatter
from typing import Self

from pydantic import model_validator

from evidence.domain.entries import Caution, EvidenceBase, Source
from evidence.domain.parts import Frozen, Text
from evidence.domain.terms import EntryKind
from evidence.strict_yaml import read_yaml
from kapnet.core.web.days import say_day

WORDS = Path(__file__).parent / "ending.yaml"

TOLD_BEFORE = timedelta(days=60)
"""How long before its last day an entry shows up in what is left to do."""


class EndingWords(Frozen):
    """The words, each with the place {day}. Raises ValueError where the place is missing."""

    beside: Text
    within: Text
    until: Text
    ends: Text
    ended: Text

    @model_validator(mode="after")
    def _each_names_its_day(self) -> Self:
        for name, text in self.model_dump().items():
            if [field for _, field, _, _ in Formatter().parse(text) if field] != ["day"]:
                raise ValueError(f"{name}: write {{day}} once and no other place")
        return self


@cache
def ending_words() -> EndingWords:
    """The project's own words."""
    return EndingWords.model_validate(read_yaml(WORDS))


def has_ended(valid_until: date | None, *, today: date) -> bool:
    """Whether the last day is past; on that day itself it still holds."""
    return valid_until is not None and today > valid_until


@dataclass(frozen=True)
class Endings:
    """A release on one day: what of it was valid until a day that is past.

    What is withdrawn is left out: its sentences have fallen already.
    """

    evidence: EvidenceBase
    today: date

    @cached_property
    def sources(self) -> Mapping[str, date]:
        """The sources that ended, with the last day of each."""
        return {
            one.key: one.valid_until
            for one in self.evidence.sources
            if one.valid_until is not None
            and has_ended(one.valid_until, today=self.today)
            and not self.evidence.is_retracted(one.key)
        }

    @cached_property
    def _cautions(self) -> Mapping[str, date]:
        """The cautions that ended, themselves or with one of their sources."""
        counting = (
            one
            for one in self.evidence.cautions
            if self.evidence.withdrawal(EntryKind.CAUTION, one.key) is None
        )
        days = {one.key: tuple(self._days_of(one)) for one in counting}
        return {key: min(ended) for key, ended in days.items() if ended}

    def _days_of(self, caution: Caution) -> Iterator[date]:
        if caution.valid_until and has_ended(caution.valid_until, today=self.today):
            yield caution.valid_until
        yield from (self.sources[key] for key in caution.sources if key in self.sources)

    def day_of(self, sources: Iterable[str], cautions: Iterable[str] = ()) -> date | None:
        """The first last day of those of these that have ended; None while all of them hold."""
        days = [self.sources[key] for key in sources if key in self.sources]
        days += [self._cautions[key] for key in cautions if key in self._cautions]
        return min(days, default=None)

    def beside(self, sources: Iterable[str], cautions: Iterable[str] = ()) -> str:
        """What to print next to a sentence that rests on these; blank while all of them hold."""
        day = self.day_of(sources, cautions)
        return ending_words().beside.format(day=say_day(day)) if day else ""

    def said(self, sentence: str, sources: Iterable[str]) -> str:
        """A sentence that rests on these, and after it that something of them has ended."""
        return f"{sentence} {self.beside(sources)}".strip()

    def within(self, sources: Iterable[str]) -> str:
        """The same inside a sentence."""
        day = self.day_of(sources)
        return ending_words().within.format(day=say_day(day)) if day else ""


@lru_cache(maxsize=8)
def endings_on(evidence: EvidenceBase, day: date) -> Endings:
    """Kept in the process: all cases of a day share it."""
    return Endings(evidence, day)


def say_until(source: Source, *, today: date) -> str:
    """Until when a source is valid, or that its rule has ended; blank where it has no last day."""
    if source.valid_until is None:
        return ""
    ended = has_ended(source.valid_until, today=today)
    words = ending_words().beside if ended else ending_words().until
    return words.format(day=say_day(source.valid_until))


def say_to_do(valid_until: date | None, *, today: date) -> str:
    """What is left to do about an entry with a last day; blank while that is far off."""
    if valid_until is None or valid_until - today > TOLD_BEFORE:
        return ""
    ended = has_ended(valid_until, today=today)
    words = ending_words().ended if ended else ending_words().ends
    return words.format(day=say_day(valid_until))
