"""The evidence pages: the list, one source with where it is used, guidelines, claims."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.urls import reverse

from evidence.domain import terms
from evidence.domain.disagreements import Word, disagreements
from evidence.domain.entries import Claim, EvidenceBase, Position
from evidence.ended_rules import said_usage
from evidence.ending import Endings
from evidence.hooks import Usage, usages_of
from evidence.presenters.position_words import stance_in_words, treatment_in_words
from evidence.presenters.source import SourceView, present_source_of

COLUMNS = (
    ("Ketamine or esketamine", ("iv_ketamine", "intranasal_esketamine", "oral_ketamine")),
    ("TMS", ("rtms", "itbs", "deep_tms")),
    ("Both at once", ("combination",)),
    ("ECT", ("ect",)),
)
"""Heading and treatments of each column of the guidelines side by side."""

MOST_SHOWN = 6
"""More places than these are folded."""


# Where a source is used


@dataclass(frozen=True)
class UsageGroup:
    """The places of one kind that rest on a source."""

    kind: str
    usages: tuple[Usage, ...]

    @property
    def is_long(self) -> bool:
        """Whether it is better folded."""
        return len(self.usages) > MOST_SHOWN


def present_usage(key: str, endings: Endings) -> list[UsageGroup]:
    """Rules and whatever else was registered first, then what this app knows itself."""
    told = [*usages_of(key), *_usages_within(key, endings.evidence)]
    usages = [said_usage(one, endings) for one in told]
    kinds = dict.fromkeys(usage.kind for usage in usages)
    return [
        UsageGroup(kind, tuple(usage for usage in usages if usage.kind == kind)) for kind in kinds
    ]


def _usages_within(key: str, evidence: EvidenceBase) -> Iterable[Usage]:
    for claim in evidence.claims:
        if key == claim.source or key in claim.evidence:
            link = f"{reverse('evidence:claims')}#{claim.id}"
            yield Usage(claim.claim, link, "claim", (claim.source, *claim.evidence))
    for position in evidence.positions:
        if key == position.guideline:
            words = f"{treatment_in_words(position.treatment)}: {position.indication}"
            link = f"{reverse('evidence:positions')}#{position.id}"
            yield Usage(words, link, "position", (position.guideline,))
    for caution in evidence.cautions:
        if key in caution.sources:
            yield Usage(caution.condition, "", "caution", caution.sources, (caution.key,))


# Guidelines side by side


@dataclass(frozen=True)
class PositionView:
    """One position in words. `stance` tells silence and not read apart from advice."""

    position: Position
    treatment: str
    stance: str
    verified: str


@dataclass(frozen=True)
class GuidelineRow:
    """One guideline with its positions by column; an empty column has none recorded.

    ended: that its last day is past, in words; mostly blank.
    """

    source: SourceView
    ended: str
    body: str
    year: str
    cells: tuple[tuple[PositionView, ...], ...]

    @property
    def named_cells(self) -> tuple[tuple[str, tuple[PositionView, ...]], ...]:
        """The cells, each with the name of its column, which a phone shows beside it."""
        return tuple(zip((name for name, _ in COLUMNS), self.cells, strict=True))


def present_positions(evidence: EvidenceBase, endings: Endings) -> list[GuidelineRow]:
    """One row a guideline, in the order of the dossier.

    endings: of the same evidence, or of a later release beside what was kept of an earlier one.
    """
    keys = dict.fromkeys(position.guideline for position in evidence.positions)
    return [_guideline_row(key, evidence, endings) for key in keys]


def _guideline_row(key: str, evidence: EvidenceBase, endings: Endings) -> GuidelineRow:
    own = [position for position in evidence.positions if position.guideline == key]
    source = present_source_of(key, evidence)
    return GuidelineRow(
        source=source,
        ended=endings.beside([key]),
        body=own[0].organisation,
        year="n.d." if own[0].year is None else str(own[0].year),
        cells=tuple(
            tuple(_position_view(one) for one in own if one.treatment in treatments)
            for _, treatments in COLUMNS
        ),
    )


def _position_view(position: Position) -> PositionView:
    return PositionView(
        position=position,
        treatment=treatment_in_words(position.treatment),
        stance=stance_in_words(position),
        verified=position.verified.value,
    )


# Guidelines that differ


@dataclass(frozen=True)
class WordView:
    """What one body says, in words; newer_not_read is blank where nothing newer waits."""

    body: str
    year: str
    positions: tuple[PositionView, ...]
    newer_not_read: str


@dataclass(frozen=True)
class DisagreementView:
    """A treatment on which bodies differ."""

    treatment: str
    words: tuple[WordView, ...]


def present_disagreements(evidence: EvidenceBase) -> list[DisagreementView]:
    """Every treatment on which the newest words of two bodies differ."""
    return [
        DisagreementView(
            treatment=treatment_in_words(one.treatment),
            words=tuple(_word_view(word) for word in one.words),
        )
        for one in disagreements(evidence)
    ]


def _word_view(word: Word) -> WordView:
    year = word.positions[0].year
    return WordView(
        body=word.organisation,
        year="n.d." if year is None else str(year),
        positions=tuple(_position_view(one) for one in word.positions),
        newer_not_read="" if word.newer_not_read is None else str(word.newer_not_read),
    )


# Claims


@dataclass(frozen=True)
class ClaimView:
    """One claim with the sources that it is held against.

    ended: that the last day of one of them is past, in words; mostly blank.
    """

    claim: Claim
    status: str
    sources: tuple[SourceView, ...]
    made_by: SourceView
    ended: str


@dataclass(frozen=True)
class StatusCount:
    """How many claims have this status."""

    status: str
    label: str
    count: int


def present_claims(evidence: EvidenceBase, *, today: date) -> list[ClaimView]:
    """Every claim beside what its sources show."""
    endings = Endings(evidence, today)
    return [
        ClaimView(
            claim=claim,
            status=claim.status.label,
            sources=tuple(present_source_of(key, evidence) for key in claim.evidence),
            made_by=present_source_of(claim.source, evidence),
            ended=endings.beside(claim.evidence),
        )
        for claim in evidence.claims
    ]


def count_statuses(evidence: EvidenceBase) -> list[StatusCount]:
    """Each status with its number, from supported to not verified."""
    counts = Counter(claim.status.value for claim in evidence.claims)
    return [
        StatusCount(value, label, counts[value]) for value, label in terms.ClaimStatus.choices()
    ]
