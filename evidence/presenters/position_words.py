"""Guideline positions in words: the treatment and what is said of it."""

from __future__ import annotations

from evidence.domain import terms
from evidence.domain.entries import Position
from evidence.domain.terms import Stance


def treatment_in_words(treatment: str) -> str:
    """The name of a treatment; as it is written where it is none of the usual ones."""
    known = treatment in terms.Treatment.values()
    return terms.Treatment(treatment).label if known else treatment


def stance_in_words(position: Position) -> str:
    """The line where one is given, else the stance: silence and not read are told apart."""
    if position.stance is Stance.LINE and position.line:
        return position.line.label
    return position.stance.label
