"""How the options stand to each other: sums, leading, close and verdicts.

The arithmetic of the header of rules.yaml, and nothing else: what each option's rules add up
to goes in, verdicts come out. Every sum is a small whole number of weights.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

from decisions.rules.engine.entries import Entries
from decisions.rules.engine.outcomes import Finding, Verdict
from decisions.rules.engine.rules import HALVES, OPTIONS, Effect, OptionId, Weight
from decisions.rules.engine.weighed_rules import Kind, Prepared
from decisions.rules.logic.conditions import Fact
from decisions.rules.logic.truth import Truth

LEADING_SUM = 2
"""An option leads only when its reasons add up to at least this."""
CLOSE_SUM = 1
"""An option counts as close only from this sum on ..."""
CLOSE_DISTANCE = 1
"""... and only when it is at most this far below the top."""
PROVEN_SUPPORT = Weight.MODERATE
"""`both` is favored only when one of its own reasons has published support of at least this."""
PREFERENCE = "preference"
"""The question that says what the patient prefers."""


@dataclass(slots=True)
class Tally:
    """What the rules of one option add up to: how many of each kind count, and their weights.

    bars: those that hold it back, true or not. pending, pending_bars: stops and reviews, or other
    bars, that are UNKNOWN. balance: weights of its own reasons for it minus those against it.
    favours: its own favour rules that weigh something; proofs: those of them that are not
    practical and have PROVEN_SUPPORT.
    """

    stops: int = 0
    reviews: int = 0
    pending: int = 0
    bars: int = 0
    pending_bars: int = 0
    balance: int = 0
    favours: int = 0
    proofs: int = 0


@dataclass(slots=True)
class Tallies:
    """What all rules add up to in one case, and how many urgent rules are true."""

    options: dict[OptionId, Tally]
    urgent: int = 0

    def copy(self) -> Tallies:
        """The same, to be counted on."""
        return Tallies({option: replace(one) for option, one in self.options.items()}, self.urgent)

    def count(self, one: Prepared, truth: Truth, times: int = 1) -> None:
        """Adds a rule of this truth; with times -1 takes it away again."""
        if one.rule.effect is Effect.URGENT:
            self.urgent += times * (truth is Truth.TRUE)
        for option, kind in one.entries(truth):
            _count(self.options[option], kind, one.finding, times)


def _count(tally: Tally, kind: Kind, finding: Finding, times: int) -> None:
    match kind:
        case Kind.STOPS:
            tally.stops += times
        case Kind.REVIEWS:
            tally.reviews += times
        case Kind.PENDING:
            tally.pending += times
        case Kind.BARS | Kind.OPEN_BARS:
            tally.bars += times
        case Kind.PENDING_BARS:
            tally.pending_bars += times
        case Kind.AGAINST:
            tally.balance -= times * finding.weight
        case Kind.FAVOUR:
            tally.balance += times * finding.weight
            tally.favours += times
            tally.proofs += times * is_proof(finding)


def is_proof(finding: Finding) -> bool:
    """Whether a favour rule has the published support that lets `both` be favored."""
    return not finding.practical and finding.support >= PROVEN_SUPPORT


def tallied(entries: Entries) -> Tallies:
    """What the rules of a case add up to."""
    return Tallies(
        {option: _tally(entries.of(option)) for option in OPTIONS},
        urgent=len(entries.of_case(Effect.URGENT)),
    )


def _tally(found: Sequence[Sequence[Prepared]]) -> Tally:
    favours = [one.finding for one in found[Kind.FAVOUR]]
    against = sum([one.finding.weight for one in found[Kind.AGAINST]])
    return Tally(
        stops=len(found[Kind.STOPS]),
        reviews=len(found[Kind.REVIEWS]),
        pending=len(found[Kind.PENDING]),
        bars=len(found[Kind.BARS]) + len(found[Kind.OPEN_BARS]),
        pending_bars=len(found[Kind.PENDING_BARS]),
        balance=sum([finding.weight for finding in favours]) - against,
        favours=len(favours),
        proofs=sum(map(is_proof, favours)),
    )


class Standing(NamedTuple):
    """How the options stand to each other. `close` holds every close option, even one alone."""

    leading: tuple[OptionId, ...]
    close: tuple[OptionId, ...]
    by_preference: bool


NOBODY_STANDS = Standing((), (), False)
"""While an urgent rule is true, nothing leads and nothing is close."""


class Position(NamedTuple):
    """Standing and verdict of each option."""

    standing: Standing
    verdicts: Mapping[OptionId, Verdict]


def position_of(tallies: Tallies, preference: Fact) -> Position:
    """Standing and verdicts of what the rules add up to, and the patient's preference."""
    sums = sums_of(tallies.options)
    if tallies.urgent:
        standing = NOBODY_STANDS
    else:
        may_lead = [option for option, one in tallies.options.items() if is_open(option, one)]
        standing = stand({option: sums[option] for option in may_lead}, preference)
    verdicts = {
        option: verdict_of(option, one, sums[option], leads=option in standing.leading)
        for option, one in tallies.options.items()
    }
    return Position(standing, verdicts)


def sums_of(tallies: Mapping[OptionId, Tally]) -> dict[OptionId, int]:
    """The sum of each option."""
    sums = {option: tallies[option].balance for option in HALVES}
    own = tallies[OptionId.BOTH].balance
    return {**sums, OptionId.BOTH: sum_of_both(min(sums.values()), own)}


def sum_of_both(lower: int, own: int) -> int:
    """The sum of `both`: its lower half's and its own, and never above its lower half's."""
    return min(lower, lower + own)


def is_open(option: OptionId, one: Tally) -> bool:
    """Whether an option may lead: neither stopped nor held back, and for `both` a reason counts."""
    if option is OptionId.BOTH and not one.favours:
        return False
    return not one.stops and not one.bars


def stand(sums: Mapping[OptionId, int], preference: Fact) -> Standing:
    """Who leads and who is close among the open options, of which `sums` holds the sums."""
    top = max(sums.values(), default=0)
    least = max(CLOSE_SUM, top - CLOSE_DISTANCE)
    close = tuple(option for option, total in sums.items() if total >= least)
    if top < LEADING_SUM:
        return Standing((), close, False)
    if len(close) == 1:
        return Standing(close, close, False)
    preferred = tuple(option for option in close if option == preference)
    return Standing(preferred, close, bool(preferred))


def verdict_of(option: OptionId, one: Tally, total: int, *, leads: bool) -> Verdict:
    """The first verdict that applies, in the order of the header of rules.yaml."""
    if one.stops:
        return Verdict.NOT_SUITABLE
    if one.reviews:
        return Verdict.SPECIALIST_REVIEW
    if one.pending:
        return Verdict.MORE_INFORMATION
    if one.bars or total < 0:
        return Verdict.LESS_SUITABLE
    if leads and not one.pending_bars and (option is not OptionId.BOTH or one.proofs):
        return Verdict.FAVOURED
    return Verdict.REASONABLE
