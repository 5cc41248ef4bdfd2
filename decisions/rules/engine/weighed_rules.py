"""The rules of an edition under one body of evidence: all that does not depend on the case."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import IntEnum
from functools import cached_property, lru_cache

from decisions.rules.engine.certainty_limits import find
from decisions.rules.engine.edition import Edition
from decisions.rules.engine.outcomes import Finding
from decisions.rules.engine.rules import HALVES, OPTIONS, WEIGHED, Effect, OptionId, Rule
from decisions.rules.logic.truth import Truth
from evidence.domain.entries import EvidenceBase


class Kind(IntEnum):
    """What a rule counts as for an option; named as the lists of an OptionOutcome."""

    STOPS = 0
    REVIEWS = 1
    BARS = 2
    FAVOUR = 3
    AGAINST = 4
    SILENT = 5
    NOTES = 6
    PENDING = 7
    PENDING_BARS = 8
    OPEN_BARS = 9
    """Bars that are UNKNOWN and hold back all the same: those of `both` (OPEN in rules.yaml)."""


Entry = tuple[OptionId, Kind]
"""An option that a rule counts for, and as what."""


@dataclass(frozen=True, eq=False)
class Prepared:
    """A rule with the finding that it gives wherever it is true.

    of: the options that it concerns: `both` too where it carries the rule of a half.
    held_while_open: the options that it holds back, if it is a bar, also while it is UNKNOWN.
    """

    rule: Rule
    finding: Finding
    of: frozenset[OptionId]
    held_while_open: frozenset[OptionId] = frozenset()

    def entries(self, truth: Truth) -> tuple[Entry, ...]:
        """What the rule counts as while it has this truth."""
        return self._entries[truth]

    def places(self, truth: Truth) -> tuple[int, ...]:
        """The same as numbers: that of the option, times the number of kinds, plus the kind."""
        return self._places[truth]

    @cached_property
    def _places(self) -> dict[Truth, tuple[int, ...]]:
        return {
            truth: tuple(OPTIONS.index(option) * len(Kind) + kind for option, kind in entries)
            for truth, entries in self._entries.items()
        }

    @cached_property
    def _entries(self) -> dict[Truth, tuple[Entry, ...]]:
        return {
            Truth.TRUE: tuple(self._entries_when_true()),
            Truth.UNKNOWN: tuple(self._entries_when_unknown()),
            Truth.FALSE: (),
        }

    def _entries_when_true(self) -> Iterator[Entry]:
        effect = self.rule.effect
        if effect in WEIGHED:
            for option in self.rule.options:
                yield option, self._weighs_as
        if self.rule.bars:
            yield from ((option, Kind.BARS) for option in self.of)
        if effect in _ENTERED_AS:
            yield from ((option, _ENTERED_AS[effect]) for option in self.of)

    @property
    def _weighs_as(self) -> Kind:
        if not self.finding.weight:
            return Kind.SILENT
        return Kind.FAVOUR if self.rule.effect is Effect.FAVOUR else Kind.AGAINST

    def _entries_when_unknown(self) -> Iterator[Entry]:
        if self.rule.effect in _HOLDS_UP:
            yield from ((option, Kind.PENDING) for option in self.of)
        if self.rule.bars:
            for option in self.of:
                held = option in self.held_while_open
                yield option, Kind.OPEN_BARS if held else Kind.PENDING_BARS


_HOLDS_UP = frozenset({Effect.STOP, Effect.REVIEW})
_ENTERED_AS = {
    Effect.STOP: Kind.STOPS,
    Effect.REVIEW: Kind.REVIEWS,
    Effect.NOTE: Kind.NOTES,
}


@lru_cache(maxsize=8)
def prepare(edition: Edition, evidence: EvidenceBase) -> tuple[Prepared, ...]:
    """Every rule of an edition, weighed under this evidence, in the order of the rules."""
    held = frozenset({OptionId.BOTH}) if edition.open_is_never_no else frozenset[OptionId]()
    return tuple(
        Prepared(rule, find(edition, rule, evidence), concerned(rule), held)
        for rule in edition.rules
    )


def concerned(rule: Rule) -> frozenset[OptionId]:
    """The options whose outcome a rule enters: `both` carries what forbids or holds back a half."""
    carried = rule.bars or rule.effect in _ENTERED_AS
    own = frozenset(rule.options)
    return own | {OptionId.BOTH} if carried and own & set(HALVES) else own
