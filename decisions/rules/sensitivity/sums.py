"""What the rules of a case add up to, as one whole number.

Adding two such numbers adds every count of theirs at once, and equal numbers mean the same
standing and the same verdicts: so a set of changes is one addition, and each position is worked
out once. Every count has BITS binary digits to itself. None comes near what they can say: an
edition has some hundred rules, and each weighs three at most.
"""

from __future__ import annotations

from dataclasses import fields
from functools import lru_cache
from operator import attrgetter
from struct import Struct

from decisions.rules.engine.edition import Edition
from decisions.rules.engine.entries import Entries
from decisions.rules.engine.matching import Hit
from decisions.rules.engine.rules import OPTIONS
from decisions.rules.engine.verdicts import Tallies, Tally, tallied
from decisions.rules.engine.weighed_rules import prepare
from decisions.rules.logic.conditions import Fact
from decisions.rules.logic.truth import Truth
from decisions.rules.sensitivity.leading_state import NO_PREFERENCE
from evidence.domain.entries import EvidenceBase

Sums = int

BITS = 16
_KINDS = len(fields(Tally))
_counts_in = attrgetter(*(one.name for one in fields(Tally)))
_COUNTS = len(OPTIONS) * _KINDS + 2  # the last two: urgent rules, and the place of the preferred
_WRITTEN = Struct(f"<{_COUNTS}H")
_NONE = 1 << (BITS - 1)  # as zero is written: sums of changes may be less than nothing
_NOTHING = sum(_NONE << BITS * place for place in range(_COUNTS))


def sums_of(tallies: Tallies) -> Sums:
    """The sums of tallies, without a preference; 0 where no rule counts."""
    counts = [count for option in OPTIONS for count in _counts_in(tallies.options[option])]
    return sum(count << BITS * place for place, count in enumerate([*counts, tallies.urgent]))


def sums_of_preference(preference: Fact) -> Sums:
    """What a preference adds; 0 where it is for none of the options."""
    place = next((n for n, option in enumerate(OPTIONS, start=1) if option == preference), 0)
    return place << BITS * (_COUNTS - 1)


def tallies_in(sums: Sums) -> tuple[Tallies, Fact]:
    """The tallies and the preference that these are the sums of."""
    written = _WRITTEN.unpack((sums + _NOTHING).to_bytes(_WRITTEN.size, "little"))
    *counts, urgent, preferred = [count - _NONE for count in written]
    options = {
        option: Tally(*counts[place * _KINDS : (place + 1) * _KINDS])
        for place, option in enumerate(OPTIONS)
    }
    return Tallies(options, urgent), OPTIONS[preferred - 1] if preferred else NO_PREFERENCE


@lru_cache(maxsize=8)
def sums_of_rules(edition: Edition, evidence: EvidenceBase) -> tuple[dict[Truth, Sums], ...]:
    """What each rule adds while it has a truth, in the order of the rules."""
    return tuple(
        {truth: sums_of(tallied(Entries([Hit(0, one, truth)]))) for truth in Truth}
        for one in prepare(edition, evidence)
    )
