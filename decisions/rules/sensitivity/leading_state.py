"""What true rules come to, as far as it bears on who leads: small sums and who is blocked.

Two cases whose rules come to the same have the same leading option. That is what lets a walk
over all completions of a case treat them as one.
"""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

from decisions.rules.engine.rules import WEIGHED, Effect, OptionId
from decisions.rules.engine.verdicts import stand, sum_of_both
from decisions.rules.engine.weighed_rules import Prepared


class Bearing(NamedTuple):
    """What some true rules come to.

    blocked: the options that cannot lead, one bit each in the order of OptionId; all three
    while an urgent rule is true. ketamine, repeat_tms: sums of weights. own: the weights of the
    own rules of `both`. favours: 1 if one of its own favour rules counts. preferred: 1 to 3,
    the place of the option that the patient prefers, or 0.
    """

    blocked: int = 0
    ketamine: int = 0
    repeat_tms: int = 0
    own: int = 0
    favours: int = 0
    preferred: int = 0


_BIT = {option: 1 << place for place, option in enumerate(OptionId)}
_KETAMINE, _REPEAT_TMS, _BOTH = (_BIT[option] for option in OptionId)
_A_HALF = _KETAMINE | _REPEAT_TMS
_EVERYTHING = _A_HALF | _BOTH

NOTHING = Bearing()
"""Of no rule, or of one that bears on nothing."""
NOTHING_LEADS = Bearing(blocked=_EVERYTHING)
"""Whatever else is true, nothing leads."""


def bearing_of(one: Prepared) -> Bearing:
    """What a rule comes to while it is true."""
    rule = one.rule
    if rule.effect is Effect.URGENT:
        return NOTHING_LEADS
    blocked = 0
    if rule.effect is Effect.STOP or rule.bars:
        blocked = sum(_BIT[option] for option in one.of)
    weight = int(one.finding.weight) if rule.effect in WEIGHED else 0
    signed = -weight if rule.effect is Effect.AGAINST else weight
    of_both = OptionId.BOTH in rule.options
    weighs = Bearing(
        ketamine=signed * (OptionId.KETAMINE in rule.options),
        repeat_tms=signed * (OptionId.REPEAT_TMS in rule.options),
        own=signed * of_both,
        favours=int(signed > 0 and of_both),
    )
    return together(weighs, Bearing(blocked=blocked))


def preferring(option: OptionId) -> Bearing:
    """What it comes to that the patient prefers an option."""
    return Bearing(preferred=1 + list(OptionId).index(option))


def under(bearing: Bearing, blocked: int) -> Bearing:
    """A bearing without what no longer matters once these options are blocked.

    With a half blocked `both` is too; with one option left there is nothing to prefer.
    """
    if blocked & _A_HALF:
        blocked |= _BOTH
    return _without(bearing, blocked, bearing.blocked & ~blocked)


def _without(bearing: Bearing, blocked: int, left_to_block: int) -> Bearing:
    return Bearing(
        left_to_block,
        0 if blocked & _KETAMINE else bearing.ketamine,
        0 if blocked & _REPEAT_TMS else bearing.repeat_tms,
        0 if blocked & _BOTH else bearing.own,
        0 if blocked & _BOTH else bearing.favours,
        0 if blocked & _A_HALF else bearing.preferred,
    )


def together(one: Bearing, more: Bearing) -> Bearing:
    """Two bearings as one, in the only form of all that lead to the same."""
    blocked = one.blocked | more.blocked
    if blocked & _A_HALF:
        blocked |= _BOTH
        if blocked == _EVERYTHING:
            return NOTHING_LEADS
    total = Bearing(
        blocked,
        one.ketamine + more.ketamine,
        one.repeat_tms + more.repeat_tms,
        one.own + more.own,
        one.favours | more.favours,
        one.preferred | more.preferred,
    )
    return _without(total, blocked, blocked) if blocked else total


def blocking(option: OptionId) -> Bearing:
    """What it comes to that an option cannot lead, for whatever reason."""
    return together(NOTHING, Bearing(blocked=_BIT[option]))


def is_blocked(bearing: Bearing, option: OptionId) -> bool:
    """Whether an option cannot lead."""
    return bool(bearing.blocked & _BIT[option])


def sum_under(bearing: Bearing, option: OptionId) -> int:
    """The sum of an option that is not blocked."""
    match option:
        case OptionId.KETAMINE:
            return bearing.ketamine
        case OptionId.REPEAT_TMS:
            return bearing.repeat_tms
        case OptionId.BOTH:
            return sum_of_both(min(bearing.ketamine, bearing.repeat_tms), bearing.own)


@lru_cache(maxsize=1 << 16)
def leading_under(bearing: Bearing) -> tuple[OptionId, ...]:
    """Who leads when these are all the true rules."""
    may_lead = [
        option
        for option in OptionId
        if not is_blocked(bearing, option) and (option is not OptionId.BOTH or bearing.favours)
    ]
    sums = {option: sum_under(bearing, option) for option in may_lead}
    preferred = tuple(OptionId)[bearing.preferred - 1] if bearing.preferred else NO_PREFERENCE
    return stand(sums, preferred).leading


NO_PREFERENCE = "none"
"""A preference for none of the three options."""
