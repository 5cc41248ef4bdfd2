"""Verdicts of many cases at once: what decide() says of each, as arrays.

The arithmetic is that of `standing.py` (header of rules.yaml), a second time and over arrays;
tests compare the two on every verdict.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from decisions.rules.engine.columns import Columns, Flags, Truths
from decisions.rules.engine.edition import Edition
from decisions.rules.engine.outcomes import Verdict
from decisions.rules.engine.rules import HALVES, WEIGHED, Effect, OptionId
from decisions.rules.engine.verdicts import (
    CLOSE_DISTANCE,
    CLOSE_SUM,
    LEADING_SUM,
    PREFERENCE,
    is_proof,
)
from decisions.rules.engine.weighed_rules import Prepared, prepare
from decisions.rules.logic.truth import Truth
from evidence.domain.entries import EvidenceBase

OPTIONS = tuple(OptionId)
"""What the second axis of the arrays by option stands for."""

VERDICTS = tuple(Verdict)
"""What the codes of `ManyOutcomes.verdicts` stand for, in the order in which they are tried."""

Sums = NDArray[np.int16]
"""One sum of weights a case; a few dozen at most, far from the limits of the type."""


@dataclass(frozen=True, slots=True)
class ManyOutcomes:
    """What decide() gives of many cases; index n of the first axis is case n.

    truths: int8, (cases, rules), a Truth each, in the order of the edition's rules.
    verdicts: int8, (cases, options), places in VERDICTS. sums: int16, (cases, options), weights.
    barred, leading, close: bool, (cases, options), as in an Outcome: at most one option leads,
    and none or at least two are close. by_preference, urgent: bool, (cases,).
    """

    truths: NDArray[np.int8]
    verdicts: NDArray[np.int8]
    sums: NDArray[np.int16]
    barred: NDArray[np.bool_]
    leading: NDArray[np.bool_]
    close: NDArray[np.bool_]
    by_preference: Flags
    urgent: Flags


def decide_many(edition: Edition, stored: Columns, evidence: EvidenceBase) -> ManyOutcomes:
    """What the rules of an edition say of many cases under this evidence.

    stored: columns of what the cases stored, read by the edition's own questionnaire.
    """
    seen = stored.as_asked(edition.questionnaire)
    prepared = prepare(edition, evidence)
    truths = np.empty((len(prepared), stored.count), dtype=np.int8)
    tallies = {option: _Tallies(stored.count) for option in OPTIONS}
    urgent = np.zeros(stored.count, dtype=np.bool_)
    for one, row in zip(prepared, truths, strict=True):
        row[:] = seen.evaluate(one.rule.when)
        if one.rule.effect is Effect.URGENT:
            urgent |= row == Truth.TRUE
        for option in one.of:
            tallies[option].count(one, row, option)
    preferred = {option: seen.by_id[PREFERENCE].equal_to(option.value) for option in OPTIONS}
    return _conclude(truths.T, tallies, urgent, preferred)


class _Tallies:
    """What the rules of one option add up to in every case: `standing.Tally` as arrays."""

    def __init__(self, cases: int) -> None:
        self.stopped = np.zeros(cases, dtype=np.bool_)
        self.reviewed = self.stopped.copy()
        self.pending = self.stopped.copy()
        self.barred = self.stopped.copy()
        self.bar_pending = self.stopped.copy()
        self.favoured = self.stopped.copy()
        self.proven = self.stopped.copy()
        self.balance = np.zeros(cases, dtype=np.int16)

    def count(self, one: Prepared, truths: Truths, option: OptionId) -> None:
        """Adds a rule of these truths to what this option's rules add up to."""
        effect = one.rule.effect
        is_true, is_unknown = truths == Truth.TRUE, truths == Truth.UNKNOWN
        if effect is Effect.STOP:
            self.stopped |= is_true
            self.pending |= is_unknown
        elif effect is Effect.REVIEW:
            self.reviewed |= is_true
            self.pending |= is_unknown
        elif one.rule.bars:
            self.barred |= is_true
            if option in one.held_while_open:
                self.barred |= is_unknown
            else:
                self.bar_pending |= is_unknown
        if option in one.rule.options and effect in WEIGHED and one.finding.weight:
            self._weigh(one, is_true)

    def _weigh(self, one: Prepared, is_true: Flags) -> None:
        sign = -1 if one.rule.effect is Effect.AGAINST else 1
        self.balance += np.int16(sign * one.finding.weight) * is_true
        if sign > 0:
            self.favoured |= is_true
            if is_proof(one.finding):
                self.proven |= is_true


def _conclude(
    truths: NDArray[np.int8],
    tallies: Mapping[OptionId, _Tallies],
    urgent: Flags,
    preferred: Mapping[OptionId, Flags],
) -> ManyOutcomes:
    sums = _sums(tallies)
    leading, close, by_preference = _stand(tallies, sums, urgent, preferred)
    verdicts = [
        _verdicts(tallies[option], sums[option], _leads_cleared(option, tallies[option], leads))
        for option, leads in zip(OPTIONS, leading, strict=True)
    ]
    return ManyOutcomes(
        truths=truths,
        verdicts=np.stack(verdicts, axis=1),
        sums=np.stack([sums[option] for option in OPTIONS], axis=1),
        barred=np.stack([tallies[option].barred for option in OPTIONS], axis=1),
        leading=leading.T,
        close=close.T,
        by_preference=by_preference,
        urgent=urgent,
    )


def _sums(tallies: Mapping[OptionId, _Tallies]) -> dict[OptionId, Sums]:
    """The sum of each option; that of `both` is never above its lower half's."""
    sums = {option: tallies[option].balance for option in HALVES}
    lower = np.minimum(*sums.values())
    return {**sums, OptionId.BOTH: np.minimum(lower, lower + tallies[OptionId.BOTH].balance)}


def _stand(
    tallies: Mapping[OptionId, _Tallies],
    sums: Mapping[OptionId, Sums],
    urgent: Flags,
    preferred: Mapping[OptionId, Flags],
) -> tuple[NDArray[np.bool_], NDArray[np.bool_], Flags]:
    """Leading and close, both (options, cases), and by_preference (cases,)."""
    total = np.stack([sums[option] for option in OPTIONS])
    is_open = np.stack([_is_open(option, tallies[option]) for option in OPTIONS]) & ~urgent
    top = np.where(is_open, total, np.iinfo(np.int16).min).max(axis=0)
    least = np.maximum(CLOSE_SUM, np.where(is_open.any(axis=0), top, 0) - CLOSE_DISTANCE)
    close = is_open & (total >= least)
    someone_leads = top >= LEADING_SUM
    several = close.sum(axis=0) > 1
    chosen = np.stack([preferred[option] for option in OPTIONS]) & close
    leading = np.where(several, chosen, close) & someone_leads
    return leading, close & several, several & leading.any(axis=0)


def _is_open(option: OptionId, one: _Tallies) -> Flags:
    free = ~one.stopped & ~one.barred
    return free & one.favoured if option is OptionId.BOTH else free


def _leads_cleared(option: OptionId, one: _Tallies, leads: Flags) -> Flags:
    """Where a leading option is favored, unless a stop, review or bar stands before that."""
    cleared = leads & ~one.bar_pending
    return cleared & one.proven if option is OptionId.BOTH else cleared


def _verdicts(one: _Tallies, total: Sums, favoured: Flags) -> NDArray[np.int8]:
    """The first verdict that applies, as its place in VERDICTS."""
    conditions = {
        Verdict.NOT_SUITABLE: one.stopped,
        Verdict.SPECIALIST_REVIEW: one.reviewed,
        Verdict.MORE_INFORMATION: one.pending,
        Verdict.LESS_SUITABLE: one.barred | (total < 0),
        Verdict.FAVOURED: favoured,
    }
    codes = [np.int8(VERDICTS.index(verdict)) for verdict in conditions]
    reasonable = np.int8(VERDICTS.index(Verdict.REASONABLE))
    return np.select(list(conditions.values()), codes, reasonable)
