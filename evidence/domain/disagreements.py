"""Treatments on which guidelines differ: each body's newest word, side by side."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum

from evidence.domain.entries import EvidenceBase, Position
from evidence.domain.parts import Frozen
from evidence.domain.terms import Line, Stance


class Standing(StrEnum):
    """What a body says of a treatment in short, from the most to the least open."""

    RECOMMENDS = "recommends"
    MAY_BE_OFFERED = "may_be_offered"
    INSUFFICIENT = "insufficient"
    NOT_RECOMMENDED = "not_recommended"


STANDINGS = {
    Line.FIRST: Standing.RECOMMENDS,
    Line.SECOND: Standing.RECOMMENDS,
    Line.THIRD: Standing.RECOMMENDS,
    Line.RECOMMENDED: Standing.RECOMMENDS,
    Line.OPTIONAL: Standing.MAY_BE_OFFERED,
    Line.INSUFFICIENT: Standing.INSUFFICIENT,
    Line.NOT_RECOMMENDED: Standing.NOT_RECOMMENDED,
}


class Word(Frozen):
    """What the newest guideline of a body says of one treatment, each position that gives a line.

    newer_not_read: the year of a newer text of that body on it that nobody has read, if any.
    """

    organisation: str
    standings: frozenset[Standing]
    positions: tuple[Position, ...]
    newer_not_read: int | None = None


class Disagreement(Frozen):
    """One treatment on which at least two bodies say different things, the newest word first."""

    treatment: str
    words: tuple[Word, ...]


def disagreements(evidence: EvidenceBase) -> tuple[Disagreement, ...]:
    """Every treatment on which the newest words of bodies share no standing, in dossier order.

    Silence and texts that were not read disagree with nobody; withdrawn positions are left out.
    """
    treatments = dict.fromkeys(one.treatment for one in evidence.positions)
    found = (Disagreement(treatment=one, words=_words(one, evidence)) for one in treatments)
    return tuple(one for one in found if _differ(one.words))


def _words(treatment: str, evidence: EvidenceBase) -> tuple[Word, ...]:
    counting = [
        one
        for one in evidence.positions
        if one.treatment == treatment and not evidence.is_position_withdrawn(one.id)
    ]
    bodies = dict.fromkeys(one.organisation for one in counting if one.line)
    words = [
        _newest(body, [one for one in counting if one.organisation == body]) for body in bodies
    ]
    return tuple(sorted(words, key=lambda word: -(word.positions[0].year or 0)))


def _newest(organisation: str, own: Sequence[Position]) -> Word:
    by_age = sorted((one for one in own if one.line), key=lambda one: -(one.year or 0))
    newest = tuple(one for one in by_age if one.guideline == by_age[0].guideline)
    unread = [one.year for one in own if one.stance is Stance.NOT_READ and one.year is not None]
    newer = [year for year in unread if year > (newest[0].year or 0)]
    return Word(
        organisation=organisation,
        standings=frozenset(STANDINGS[one.line] for one in newest if one.line),
        positions=newest,
        newer_not_read=max(newer, default=None),
    )


def _differ(words: tuple[Word, ...]) -> bool:
    return any(
        not (one.standings & other.standings) for one in words for other in words if one != other
    )
