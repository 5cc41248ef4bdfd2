"""The guide beside a release of the evidence, as its page shows it."""

from __future__ import annotations

from collections.abc import Iterator, Set
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from evidence.domain.entries import EvidenceBase
from evidence.domain.terms import AppliesTo, Certainty, EntryKind, Strength
from evidence.ending import Endings
from evidence.guide.comparing import ComparisonView, present_comparison
from evidence.guide.loading import load_guide
from evidence.guide.model import Guide, Section, Sentence, sources_of, standing_of
from evidence.presenters.source import SourceView, present_source_of

LOWEST_FIRST = (None, Certainty.VERY_LOW, Certainty.LOW, Certainty.MODERATE, Certainty.HIGH)
"""A sentence is as certain as the least certain of its own sources; None is not graded."""


@dataclass(frozen=True)
class Reference:
    """A source of the guide with its number in the list."""

    number: int
    view: SourceView


@dataclass(frozen=True)
class SentenceView:
    """A sentence with its references.

    certainty: of the least certain of its own sources that count; blank where that is not graded.
    is_graded: whether it is a finding, with sources of its own and not only cautions.
    ended: that the last day of something it rests on is past, in words; mostly blank.
    """

    say: str
    standing: str
    references: tuple[Reference, ...]
    certainty: str
    is_graded: bool
    ended: str


@dataclass(frozen=True)
class SectionView:
    """A section with its sentences and drawings."""

    id: str
    heading: str
    sentences: tuple[SentenceView, ...]
    comparisons: tuple[ComparisonView, ...]


@dataclass(frozen=True)
class CautionView:
    """A caution in words, with its sources."""

    condition: str
    why: str
    applies_to: str
    strength: str
    verified: str
    sources: tuple[SourceView, ...]
    ended: str


@dataclass(frozen=True)
class GuideView:
    """Everything that the page of the guide prints."""

    title: str
    question: str
    sections: tuple[SectionView, ...]
    cautions: tuple[CautionView, ...]
    references: tuple[Reference, ...]


def present_guide(guide: Guide, evidence: EvidenceBase, *, today: date) -> GuideView:
    """The guide with its references numbered in the order of their first mention."""
    references, endings = _references(guide, evidence), Endings(evidence, today)
    return GuideView(
        title=guide.title,
        question=guide.question,
        sections=tuple(_section(one, guide, endings, references) for one in guide.sections),
        cautions=tuple(_cautions(endings)),
        references=tuple(references.values()),
    )


@lru_cache(maxsize=4)
def pair_beside(endings: Endings) -> tuple[SentenceView, ...]:
    """What the project's own guide answers to its question, beside a release on a day."""
    return present_pair(load_guide(), endings)


def present_pair(guide: Guide, endings: Endings) -> tuple[SentenceView, ...]:
    """What the guide answers to its question, with the numbers that its references have there."""
    said = [one for one in guide.sentences if one.of_the_pair]
    evidence = endings.evidence
    named = {key for one in said for key in sources_of(one, evidence)}
    references = _references(guide, evidence, only=named)
    return tuple(_sentence(one, endings, references) for one in said)


def _references(
    guide: Guide, evidence: EvidenceBase, *, only: Set[str] | None = None
) -> dict[str, Reference]:
    keys = dict.fromkeys(key for one in guide.sentences for key in sources_of(one, evidence))
    return {
        key: Reference(number, present_source_of(key, evidence))
        for number, key in enumerate(keys, start=1)
        if only is None or key in only
    }


def _section(
    section: Section, guide: Guide, endings: Endings, references: dict[str, Reference]
) -> SectionView:
    evidence = endings.evidence
    drawn = (present_comparison(guide.comparison(one), evidence) for one in section.comparisons)
    return SectionView(
        id=section.id,
        heading=section.heading,
        sentences=tuple(_sentence(one, endings, references) for one in section.sentences),
        comparisons=tuple(one for one in drawn if one),
    )


def _sentence(
    sentence: Sentence, endings: Endings, references: dict[str, Reference]
) -> SentenceView:
    evidence = endings.evidence
    keys = sources_of(sentence, evidence)
    return SentenceView(
        say=sentence.say,
        standing=standing_of(sentence, evidence).value,
        references=tuple(references[key] for key in keys),
        certainty=_least_certainty(sentence, evidence),
        is_graded=bool(sentence.sources) and sentence.is_finding,
        ended=endings.beside(sentence.sources, sentence.cautions),
    )


def _least_certainty(sentence: Sentence, evidence: EvidenceBase) -> str:
    counting = {
        evidence.source(key).certainty
        for key in sentence.sources
        if evidence.has_source(key) and not evidence.is_retracted(key)
    }
    least = next((one for one in LOWEST_FIRST if one in counting), None)
    return least.value if least else ""


def _cautions(endings: Endings) -> Iterator[CautionView]:
    """The cautions that count, the strongest first, in the order of the dossier within each."""
    evidence = endings.evidence
    order = Strength.values()
    counting = [
        one
        for one in evidence.cautions
        if evidence.withdrawal(EntryKind.CAUTION, one.key) is None
        and not all(evidence.is_retracted(key) for key in one.sources)
    ]
    for one in sorted(counting, key=lambda one: order.index(one.strength)):
        yield CautionView(
            condition=one.condition,
            why=one.why,
            applies_to=AppliesTo(one.applies_to).label,
            strength=Strength(one.strength).label,
            verified=one.verified.value,
            sources=tuple(present_source_of(key, evidence) for key in one.sources),
            ended=endings.beside((), [one.key]),
        )
