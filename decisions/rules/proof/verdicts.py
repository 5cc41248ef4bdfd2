"""The decision in the solver: sums, leading, close and verdicts of a case.

Written from the header of rules.yaml, and in its order: it can be read beside it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from z3 import And, BitVecRef, BitVecVal, BoolRef, BoolVal, If, Not, Or

from decisions.rules.engine.edition import Edition
from decisions.rules.engine.outcomes import Verdict
from decisions.rules.engine.rules import Effect, OptionId, Rule
from decisions.rules.logic.conditions import Is
from decisions.rules.proof.cases import SolverCase
from decisions.rules.proof.weights import Weights

KETAMINE, REPEAT_TMS, BOTH = OptionId.KETAMINE, OptionId.REPEAT_TMS, OptionId.BOTH
HALVES = (KETAMINE, REPEAT_TMS)
SUM_BITS = 8
"""Sums lie between -128 and 127: an option has less than forty reasons of at most 3 each."""

HELD_BACK = (Verdict.NOT_SUITABLE, Verdict.SPECIALIST_REVIEW, Verdict.MORE_INFORMATION)
"""The verdicts from the least safe on; the other three are level, and safer than these."""


@dataclass(frozen=True)
class SolverWeights:
    """Rule id -> what a reason weighs; and whether it proves `both` while it is true.

    A solver may be left to choose which source is withdrawn, so these are terms, not numbers.
    """

    weight: Mapping[str, BitVecRef]
    proves: Mapping[str, BoolRef]

    @classmethod
    def fixed(cls, weights: Weights) -> SolverWeights:
        """Weights that are given."""
        return cls(
            {name: BitVecVal(number, SUM_BITS) for name, number in weights.weight.items()},
            {name: BoolVal(name in weights.proofs) for name in weights.weight},
        )


class SolverVerdicts:
    """What the rules say of a case whose answers the solver chooses.

    By option: stopped, reviewed (a true review), waiting (a stop or review is UNKNOWN), barred
    (held back by a bar, true or not), bar_unknown, sums, open, close, leads, and verdicts by
    Verdict.
    """

    def __init__(self, edition: Edition, case: SolverCase, weights: SolverWeights) -> None:
        self.edition, self.case, self.weights = edition, case, weights
        safety = {o: self.carried(o, Effect.STOP, Effect.REVIEW) for o in OptionId}
        bars = {o: [r for r in self.carried(o, Effect.AGAINST) if r.bars] for o in OptionId}
        self.urgent = self._any_true(r for r in edition.rules if r.effect is Effect.URGENT)
        self.stopped = {o: self._any_true(self.carried(o, Effect.STOP)) for o in OptionId}
        self.reviewed = {o: self._any_true(self.carried(o, Effect.REVIEW)) for o in OptionId}
        self.waiting = {o: self._any_unknown(safety[o]) for o in OptionId}
        self.barred = {o: self._held_back(o, bars[o]) for o in OptionId}
        self.bar_unknown = {o: self._any_unknown(bars[o]) for o in OptionId}
        self.sums = self._sums()
        self.open = {o: self._is_open(o) for o in OptionId}
        self.close = {o: self._is_close(o) for o in OptionId}
        self.leads = {o: self._leads(o) for o in OptionId}
        self.verdicts = {o: self._verdicts(o) for o in OptionId}

    # BOTH carries the stops, reviews and bars of its two halves besides its own rules.
    def carried(self, option: OptionId, *effects: Effect) -> list[Rule]:
        """The rules of these effects that an option carries, in the order of the rules."""
        concerned = {BOTH, *HALVES} if option is BOTH else {option}
        return [r for r in self.edition.rules if r.effect in effects and concerned & {*r.options}]

    def own(self, option: OptionId, effect: Effect) -> list[Rule]:
        """The rules of an effect that name the option itself, in the order of the rules."""
        return [r for r in self.edition.rules if r.effect is effect and option in r.options]

    def _any_true(self, rules: Iterable[Rule]) -> BoolRef:
        return Or([self.case.rules[rule.id].is_true for rule in rules])

    def _any_unknown(self, rules: Iterable[Rule]) -> BoolRef:
        return Or([self.case.rules[rule.id].is_unknown for rule in rules])

    # OPEN: for BOTH a bar that is UNKNOWN holds back like a true one.
    def _held_back(self, option: OptionId, bars: list[Rule]) -> BoolRef:
        if option is BOTH and self.edition.open_is_never_no:
            return Or(self._any_true(bars), self._any_unknown(bars))
        return self._any_true(bars)

    # Its sum is the lower of the two halves' sums plus its own favour minus its own against,
    # and never more than the lower half's sum.
    def _sums(self) -> Mapping[OptionId, BitVecRef]:
        sums = {half: self._balance(half) for half in HALVES}
        lower = _lower(sums[KETAMINE], sums[REPEAT_TMS])
        return {**sums, BOTH: _lower(lower, lower + self._balance(BOTH))}

    def _balance(self, option: OptionId) -> BitVecRef:
        """What its true reasons for it weigh, minus what its true reasons against it weigh."""
        total = BitVecVal(0, SUM_BITS)
        for rule in self.own(option, Effect.FAVOUR):
            total = total + self._counted(rule)
        for rule in self.own(option, Effect.AGAINST):
            total = total - self._counted(rule)
        return total

    def _counted(self, rule: Rule) -> BitVecRef:
        nothing = BitVecVal(0, SUM_BITS)
        return If(self.case.rules[rule.id].is_true, self.weights.weight[rule.id], nothing)

    # Open options: no true stop, no true bar. BOTH is open only while one of its own favour
    # rules counts.
    def _is_open(self, option: OptionId) -> BoolRef:
        free = And(Not(self.stopped[option]), Not(self.barred[option]))
        if option is not BOTH:
            return free
        counts = [self._counted(rule) > 0 for rule in self.own(BOTH, Effect.FAVOUR)]
        return And(free, Or(counts))

    # Close: the open options whose sum is at least 1 and at least top - 1.
    def _is_close(self, option: OptionId) -> BoolRef:
        own = self.sums[option]
        near = [Or(Not(self.open[o]), own >= self.sums[o] - 1) for o in OptionId if o is not option]
        return And(self.open[option], own >= 1, *near)

    # Below 2 nothing leads. One close option: it leads. Several: the one the patient prefers
    # leads, if it is among them. While an urgent rule is true nothing leads.
    def _leads(self, option: OptionId) -> BoolRef:
        top_suffices = Or([And(self.open[o], self.sums[o] >= 2) for o in OptionId])
        alone = And([Not(self.close[o]) for o in OptionId if o is not option])
        preferred = self.case.truth(Is(question="preference", value=option.value)).is_true
        return And(Not(self.urgent), top_suffices, self.close[option], Or(alone, preferred))

    # VERDICTS: per option, the first that applies.
    def _verdicts(self, option: OptionId) -> Mapping[Verdict, BoolRef]:
        applies = {
            Verdict.NOT_SUITABLE: self.stopped[option],
            Verdict.SPECIALIST_REVIEW: self.reviewed[option],
            Verdict.MORE_INFORMATION: self.waiting[option],
            Verdict.LESS_SUITABLE: Or(self.barred[option], self.sums[option] < 0),
            Verdict.FAVOURED: And(self.leads_for_good(option), self._is_proven(option)),
        }
        verdicts: dict[Verdict, BoolRef] = {}
        earlier: list[BoolRef] = []
        for verdict, condition in applies.items():
            verdicts[verdict] = And(condition, *(Not(one) for one in earlier))
            earlier.append(condition)
        return {**verdicts, Verdict.REASONABLE: And([Not(one) for one in earlier])}

    def leads_for_good(self, option: OptionId) -> BoolRef:
        """That an option leads and none of its bars is UNKNOWN."""
        return And(self.leads[option], Not(self.bar_unknown[option]))

    # For `both` also: one of its own true favour rules, practical ones aside, has published
    # support of moderate or more.
    def _is_proven(self, option: OptionId) -> BoolRef:
        if option is not BOTH:
            return BoolVal(True)
        rules, proves = self.case.rules, self.weights.proves
        own = [rule.id for rule in self.own(BOTH, Effect.FAVOUR)]
        return Or([And(rules[name].is_true, proves[name]) for name in own])

    def held_back(self, option: OptionId, at_most: Verdict) -> BoolRef:
        """That the verdict of an option is at most this safe: this one, or one before it."""
        so_far = HELD_BACK[: HELD_BACK.index(at_most) + 1]
        return Or([self.verdicts[option][verdict] for verdict in so_far])


class Side(NamedTuple):
    """One option in one case: one side of a comparison."""

    of: SolverVerdicts
    option: OptionId


def is_safer(one: Side, other: Side) -> BoolRef:
    """That one side is safer than the other: the other is held back further."""
    return Or(
        [
            And(other.of.held_back(other.option, level), Not(one.of.held_back(one.option, level)))
            for level in HELD_BACK
        ]
    )


def _lower(one: BitVecRef, other: BitVecRef) -> BitVecRef:
    return If(one <= other, one, other)
