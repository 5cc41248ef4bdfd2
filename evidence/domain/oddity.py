"""What an odd number is: its kind, its place in a source, and a sentence that names it."""

from __future__ import annotations

from enum import StrEnum

from evidence.domain.parts import Frozen, Result, Text


class OddityKind(StrEnum):
    """What two things an oddity holds against each other."""

    INTERVAL = "interval"
    SIGN = "sign"
    RANGE = "range"
    PERCENT = "percent"
    COUNTS = "counts"
    WHOLE_PEOPLE = "whole_people"
    GROUPS = "groups"
    P = "p"
    SPREAD = "spread"
    RATIO = "ratio"
    CERTAINTY = "certainty"


class Oddity(Frozen):
    """One thing that does not fit. `sentence` begins in lower case and has no full stop."""

    kind: OddityKind
    place: Text
    sentence: Text


def place_of(result: Result) -> str:
    """Where a number stands in its source: measure, arm and time."""
    return ", ".join(part for part in (result.measure, result.arm, result.timepoint) if part)
