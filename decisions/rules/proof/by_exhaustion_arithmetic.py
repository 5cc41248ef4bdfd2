"""Whatever the rules add up to: every kind of tally there is, through the engine's arithmetic.

An answer set reaches a verdict only through what its rules add up to (`standing.Tally`): how
many stops, reviews and bars, which matter only as none or some, and sums of weights, which are
small. Those are few enough to go through one by one. What holds of all of them holds of every
answer set; how each single rule is counted is looked at rule by rule.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache, lru_cache
from itertools import compress, product
from typing import NamedTuple

from decisions.rules.engine.entries import Entries
from decisions.rules.engine.matching import Hit
from decisions.rules.engine.outcomes import Verdict
from decisions.rules.engine.rules import HALVES, Effect, OptionId, Weight
from decisions.rules.engine.verdicts import (
    NOBODY_STANDS,
    Tallies,
    Tally,
    is_open,
    position_of,
    stand,
    sum_of_both,
    tallied,
    verdict_of,
)
from decisions.rules.engine.weighed_rules import Prepared, prepare
from decisions.rules.logic.truth import Truth
from decisions.rules.proof.by_exhaustion_space import WholeSpace

SAFER_LAST = (Verdict.NOT_SUITABLE, Verdict.SPECIALIST_REVIEW, Verdict.MORE_INFORMATION)
"""The verdicts that are not level, the least safe first; all others follow, level."""

PREFERENCES = (*OptionId, "none")
"""Every preference that can matter, and one that does not."""

COUNTERS = ("stops", "reviews", "pending", "bars", "pending_bars", "favours", "proofs")
"""What a tally counts, besides the balance of weights."""


def safety(verdict: Verdict) -> int:
    """How safe a verdict is, from 0 (not suitable) to 3 (the three that are level)."""
    return SAFER_LAST.index(verdict) if verdict in SAFER_LAST else len(SAFER_LAST)


class Kind(NamedTuple):
    """One kind of tally, with what the verdict sees besides it."""

    option: OptionId
    tally: Tally
    total: int
    leads: bool

    @property
    def verdict(self) -> Verdict:
        """What the engine makes of it."""
        return verdict_of(self.option, self.tally, self.total, leads=self.leads)


@cache
def every_kind() -> tuple[Kind, ...]:
    """Every kind of tally: none or some of what is counted, a sum below zero or not."""
    return tuple(
        Kind(option, Tally(**dict(zip(COUNTERS, flags, strict=True))), total, leads)
        for option in OptionId
        for flags in product((0, 1), repeat=len(COUNTERS))
        for total in (-1, 0)
        for leads in (False, True)
    )


def bounds(space: WholeSpace, option: OptionId) -> range:
    """Every balance of weights that an option's own rules can have."""
    own = [one for one in prepared(space) if option in one.rule.options]
    lowest = sum(int(one.finding.weight) for one in own if one.rule.effect is Effect.AGAINST)
    highest = sum(int(one.finding.weight) for one in own if one.rule.effect is Effect.FAVOUR)
    return range(-lowest, highest + 1)


def every_standing(space: WholeSpace) -> Iterator[tuple[Mapping[OptionId, int], str]]:
    """The sums of every set of open options with every preference, within all bounds."""
    halves = [bounds(space, half) for half in HALVES]
    of_all = {
        (ketamine, repeat_tms, sum_of_both(min(ketamine, repeat_tms), own))
        for ketamine, repeat_tms, own in product(*halves, bounds(space, OptionId.BOTH))
    }
    for chosen in product((False, True), repeat=len(OptionId)):
        options = tuple(compress(OptionId, chosen))
        for sums in {tuple(compress(one, chosen)) for one in of_all}:
            for preference in PREFERENCES:
                yield dict(zip(options, sums, strict=True)), preference


@lru_cache(maxsize=4)
def counted_wrongly(space: WholeSpace) -> tuple[tuple[Prepared, str], ...]:
    """Each rule that is not counted where the header of rules.yaml says it counts."""
    return tuple(
        (one, what)
        for one in prepared(space)
        for truth in (Truth.TRUE, Truth.UNKNOWN)
        for what in _miscounted(space, one, truth, tallied(Entries([Hit(0, one, truth)])))
    )


def _miscounted(space: WholeSpace, one: Prepared, truth: Truth, tallies: Tallies) -> Iterator[str]:
    rule = one.rule
    is_true = truth is Truth.TRUE
    if tallies.urgent != (rule.effect is Effect.URGENT and is_true):
        yield "is not counted as an act-first rule"
    for option, tally in tallies.options.items():
        carries = {
            "stops": is_true and rule in space.carried(option, Effect.STOP),
            "reviews": is_true and rule in space.carried(option, Effect.REVIEW),
            "pending": not is_true and rule in space.carried(option, Effect.STOP, Effect.REVIEW),
            "bars": rule in space.bars(option) and (is_true or _held_while_open(space, option)),
            "pending_bars": rule in space.bars(option)
            and not (is_true or _held_while_open(space, option)),
        }
        for counter, expected in carries.items():
            if getattr(tally, counter) != expected:
                yield f"is not counted among the {counter} of {option} as it should be"
        if tally.balance and not (is_true and option in rule.options):
            yield f"weighs for {option}, of which it does not speak"


def _held_while_open(space: WholeSpace, option: OptionId) -> bool:
    """Whether a bar that is UNKNOWN holds an option back (OPEN in the header of rules.yaml)."""
    return space.edition.open_is_never_no and option is OptionId.BOTH


def prepared(space: WholeSpace) -> tuple[Prepared, ...]:
    """The rules, weighed under the evidence."""
    return prepare(space.edition, space.evidence)


# ---------------------------------------------------------------- what holds of every kind


def without_one_verdict() -> Iterator[str]:
    """Kinds of tally without a verdict of their own."""
    for kind in every_kind():
        if kind.verdict not in tuple(Verdict):
            yield f"{kind} has no verdict"
    given = position_of(tallied(Entries([])), "none").verdicts
    if tuple(given) != tuple(OptionId):
        yield "not every option is given a verdict"


def stopped_yet_suitable() -> Iterator[str]:
    """Kinds with a stop and another verdict than not suitable."""
    for kind in every_kind():
        if kind.tally.stops and kind.verdict is not Verdict.NOT_SUITABLE:
            yield f"{kind.option} is stopped and {kind.verdict}"


def review_missed() -> Iterator[str]:
    """Kinds with a stop or review that is true or UNKNOWN, and a verdict as if there were none."""
    for kind in every_kind():
        tally = kind.tally
        if tally.reviews and safety(kind.verdict) > safety(Verdict.SPECIALIST_REVIEW):
            yield f"{kind.option} needs a review and is {kind.verdict}"
        if (tally.stops or tally.reviews or tally.pending) and safety(kind.verdict) == len(
            SAFER_LAST
        ):
            yield f"{kind.option} has an open stop or review and is {kind.verdict}"


def both_safer() -> Iterator[str]:
    """Kinds of `both` that carry all of a half's kind and are safer than it."""
    seen = {(_held_by(kind.tally), kind.option, safety(kind.verdict)) for kind in every_kind()}
    halves = [(held, rank) for held, option, rank in seen if option is not OptionId.BOTH]
    for held, option, rank in seen:
        if option is OptionId.BOTH:
            for held_half, rank_half in halves:
                if held_half <= held and rank > rank_half:
                    yield "both is safer than a half of which it carries everything"


def _held_by(tally: Tally) -> frozenset[str]:
    return frozenset(name for name in COUNTERS[:3] if getattr(tally, name))


@lru_cache(maxsize=4)
def leads_unopened(space: WholeSpace) -> tuple[str, ...]:
    """Sets of open options of which another leads, or more than one."""
    return tuple(_leads_unopened(space))


def _leads_unopened(space: WholeSpace) -> Iterator[str]:
    for sums, preference in every_standing(space):
        standing = stand(sums, preference)
        if len(standing.leading) > 1 or not set(standing.leading) <= set(standing.close):
            yield f"more than one leads among {sums}"
        if not {*standing.leading, *standing.close} <= set(sums):
            yield f"an option leads that is not open: {sums}"


def open_though_held_back() -> Iterator[str]:
    """Kinds that may lead although they are stopped or barred, or have no reason of their own."""
    for kind in every_kind():
        if is_open(kind.option, kind.tally):
            if kind.tally.stops or kind.tally.bars:
                yield f"{kind.option} may lead although it is stopped or barred"
            if kind.option is OptionId.BOTH and not kind.tally.favours:
                yield "both may lead without a reason of its own"


def barred_yet_suitable() -> Iterator[str]:
    """Kinds that are held back and favored or reasonable all the same."""
    for kind in every_kind():
        if kind.tally.bars and kind.verdict in {Verdict.FAVOURED, Verdict.REASONABLE}:
            yield f"{kind.option} is held back and {kind.verdict}"


def favoured_without_lead() -> Iterator[str]:
    """Kinds that are favored without leading, or while a bar is UNKNOWN, or `both` unproved."""
    for kind in every_kind():
        if kind.verdict is Verdict.FAVOURED:
            if not kind.leads or kind.tally.pending_bars or kind.tally.bars:
                yield f"{kind.option} is favoured without leading, or although it is barred"
            if kind.option is OptionId.BOTH and not kind.tally.proofs:
                yield "both is favoured without proof"


def leads_though_urgent(space: WholeSpace) -> Iterator[str]:
    """Sums with which something leads or is favored while an act-first rule is true."""
    for ketamine, repeat_tms, own in product(*(bounds(space, option) for option in OptionId)):
        options = {
            option: Tally(balance=balance, favours=1, proofs=1)
            for option, balance in zip(OptionId, (ketamine, repeat_tms, own), strict=True)
        }
        for preference in PREFERENCES:
            position = position_of(Tallies(options, urgent=1), preference)
            if position.standing != NOBODY_STANDS:
                yield f"{position.standing.leading} leads while an act-first rule is true"
            if Verdict.FAVOURED in position.verdicts.values():
                yield "an option is favoured while an act-first rule is true"


def proves(one: Prepared) -> bool:
    """Whether a rule is a reason with the support that lets `both` be favored."""
    is_reason = one.rule.effect is Effect.FAVOUR and not one.finding.practical
    return is_reason and one.finding.support >= Weight.MODERATE
