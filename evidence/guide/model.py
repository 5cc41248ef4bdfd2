"""The guide as data: sentences with their sources, and results that may share an axis."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from enum import StrEnum
from functools import lru_cache
from typing import Annotated, Self

from pydantic import Field, model_validator

from evidence.domain.entries import Entry, EvidenceBase
from evidence.domain.parts import Frozen, Key, Result, Text
from evidence.domain.terms import EntryKind

NUMBER = re.compile(r"\d[\d,]*(?:\.\d+)?")
"""A number in digits, as sources and sentences print it."""

NAMES_WITH_NUMBERS = re.compile(r"\b95% interval\b|\bphase \d\b|\bPHQ-9\b|\bfigure-8\b")
"""Words that hold a digit and state no finding."""


class Standing(StrEnum):
    """What is left of a sentence in a release."""

    STANDS = "stands"
    PARTLY = "partly"
    FALLEN = "fallen"
    OUTDATED = "outdated"


class Sentence(Frozen):
    """One statement with the sources and cautions that it rests on; at least one of either.

    of_the_pair: it answers the question of the guide, and stands above the options of a case too.
    is_finding: False where it says that nothing was found: no certainty of a source is one of that.
    """

    say: Text
    of_the_pair: bool = False
    is_finding: bool = True
    sources: tuple[Key, ...] = ()
    cautions: tuple[Key, ...] = ()

    @model_validator(mode="after")
    def _rests_on_something(self) -> Self:
        if not self.sources and not self.cautions:
            raise ValueError(f"no source is named for: {self.say}")
        return self


class Row(Frozen):
    """One result of one source, named by measure and arm, and by time where they are not enough."""

    source: Key
    measure: Text
    arm: Text
    timepoint: str | None = None


class Comparison(Frozen):
    """Results that measure the same in the same way, drawn under one axis and never pooled."""

    id: Key
    title: Text
    rows: Annotated[tuple[Row, ...], Field(min_length=2)]


class Section(Frozen):
    """Sentences under one heading, and the comparisons that belong to them."""

    id: Key
    heading: Text
    sentences: Annotated[tuple[Sentence, ...], Field(min_length=1)]
    comparisons: tuple[Key, ...] = ()


class Guide(Frozen):
    """The whole guide. Raises pydantic.ValidationError where a comparison is missing or unused."""

    title: Text
    question: Text
    sections: Annotated[tuple[Section, ...], Field(min_length=1)]
    comparisons: tuple[Comparison, ...] = ()

    @model_validator(mode="after")
    def _comparisons_resolve(self) -> Self:
        named = [one for section in self.sections for one in section.comparisons]
        known = [one.id for one in self.comparisons]
        if sorted(named) != sorted(known):
            odd = sorted({*named, *known} - (set(named) & set(known))) or sorted(named)
            raise ValueError(f"each comparison belongs to one section: {', '.join(odd)}")
        return self

    @property
    def sentences(self) -> tuple[Sentence, ...]:
        """Every sentence, in order."""
        return tuple(one for section in self.sections for one in section.sentences)

    def comparison(self, name: str) -> Comparison:
        """The comparison of this id. Raises StopIteration where there is none."""
        return next(one for one in self.comparisons if one.id == name)


# What a sentence rests on


def numbers_in(text: str) -> frozenset[str]:
    """The numbers of a text without their commas and closing zeros: 10,000 and 4.0 are 10000, 4."""
    found = (one.replace(",", "") for one in NUMBER.findall(NAMES_WITH_NUMBERS.sub("", text)))
    return frozenset(f"{float(one):g}" if len(one) < len("1000000") else one for one in found)


@lru_cache(maxsize=512)  # the same for every page under one evidence
def unsupported_numbers(sentence: Sentence, evidence: EvidenceBase) -> frozenset[str]:
    """The numbers of a sentence that none of its sources or cautions prints."""
    entries = (evidence.entry(kind, key) for kind, key in _named(sentence))
    printed = frozenset[str]().union(*(_printed_in(one) for one in entries if one is not None))
    return numbers_in(sentence.say) - printed


@lru_cache(maxsize=512)
def _printed_in(entry: Entry) -> frozenset[str]:
    """The numbers of an entry, kept in the process: pages ask for those of the same few."""
    return frozenset[str]().union(*map(numbers_in, _strings(entry.model_dump(mode="json"))))


def _strings(value: object) -> Iterator[str]:
    """Every text and number within plain data."""
    if isinstance(value, Mapping):
        for one in value.values():
            yield from _strings(one)
    elif isinstance(value, list):
        for one in value:
            yield from _strings(one)
    elif isinstance(value, str | int | float):
        yield str(value)


def _named(sentence: Sentence) -> Iterable[tuple[EntryKind, str]]:
    yield from ((EntryKind.SOURCE, key) for key in sentence.sources)
    yield from ((EntryKind.CAUTION, key) for key in sentence.cautions)


def standing_of(sentence: Sentence, evidence: EvidenceBase) -> Standing:
    """What is left of a sentence: all of it, some of its sources, or nothing.

    OUTDATED where all its sources count and one of its numbers is printed there no more.
    """
    counts = [_counts(kind, key, evidence) for kind, key in _named(sentence)]
    if not any(counts):
        return Standing.FALLEN
    if not all(counts):
        return Standing.PARTLY
    return Standing.OUTDATED if unsupported_numbers(sentence, evidence) else Standing.STANDS


def _counts(kind: EntryKind, key: str, evidence: EvidenceBase) -> bool:
    """Whether an entry exists and counts; a caution falls with the last of its sources."""
    if evidence.entry(kind, key) is None or evidence.withdrawal(kind, key) is not None:
        return False
    if kind is EntryKind.SOURCE:
        return not evidence.is_retracted(key)
    caution = next(one for one in evidence.cautions if one.key == key)
    return not all(evidence.is_retracted(one) for one in caution.sources)


def sources_of(sentence: Sentence, evidence: EvidenceBase) -> tuple[str, ...]:
    """The sources that a sentence rests on, its own first and then those of its cautions."""
    through = (
        key for one in evidence.cautions if one.key in sentence.cautions for key in one.sources
    )
    named = dict.fromkeys((*sentence.sources, *through))
    return tuple(key for key in named if evidence.has_source(key))


def result_of(row: Row, evidence: EvidenceBase) -> Result | None:
    """The one result that a row names; None where there is none or more than one."""
    if not evidence.has_source(row.source):
        return None
    found = [
        one
        for one in evidence.source(row.source).results
        if (one.measure, one.arm) == (row.measure, row.arm)
        and row.timepoint in (None, one.timepoint)
    ]
    return found[0] if len(found) == 1 else None


# Checking the whole


def problems_of(guide: Guide, evidence: EvidenceBase) -> Iterator[str]:
    """What is wrong with a guide beside this evidence, each as a sentence."""
    for section in guide.sections:
        for sentence in section.sentences:
            for kind, key in _named(sentence):
                if evidence.entry(kind, key) is None:
                    yield f"{section.id}: there is no {kind.value} {key}"
            if numbers := unsupported_numbers(sentence, evidence):
                told = ", ".join(sorted(numbers))
                yield f"{section.id}: {told} is in none of the sources of “{sentence.say}”"
    for comparison in guide.comparisons:
        yield from _problems_of_rows(comparison, evidence)


def _problems_of_rows(comparison: Comparison, evidence: EvidenceBase) -> Iterator[str]:
    results = [result_of(row, evidence) for row in comparison.rows]
    for row, result in zip(comparison.rows, results, strict=True):
        if result is None:
            yield f"{comparison.id}: {row.source} has not one result “{row.measure}”, “{row.arm}”"
    if len({result.unit for result in results if result}) > 1:
        yield f"{comparison.id}: its results have different units"
