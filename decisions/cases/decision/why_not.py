"""Why an option does not lead: what stands in its way, in order, read off the outcome."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from decisions.rules.engine.outcomes import Finding, Outcome, Pending
from decisions.rules.engine.rules import OptionId
from decisions.rules.engine.verdicts import LEADING_SUM


class InTheWay(StrEnum):
    """What can stand in the way of an option, in the order in which it is said."""

    ACT_FIRST = "act_first"
    STOP = "stop"
    REVIEW = "review"
    PENDING = "pending"
    BAR = "bar"
    HELD_OPEN = "held_open"
    NO_OWN_REASON = "no_own_reason"
    BELOW_ZERO = "below_zero"
    TOO_LITTLE = "too_little"
    OUTWEIGHED = "outweighed"
    BEHIND = "behind"
    NOT_PREFERRED = "not_preferred"
    CLOSE = "close"


@dataclass(frozen=True)
class Obstacle:
    """One thing in the way.

    because: a rule's sentence. more: how many rules are of the kind besides. other: the option
    that leads instead.
    """

    kind: InTheWay
    because: str = ""
    more: int = 0
    other: OptionId | None = None


def why_not(outcome: Outcome, option: OptionId, *, total: int) -> tuple[Obstacle, ...]:
    """What keeps an option from leading; of one that leads, what keeps it from being cleared.

    total: the sum of its reasons.
    """
    one = outcome.options[option]
    found = [
        *_said(InTheWay.ACT_FIRST, outcome.urgent),
        *_said(InTheWay.STOP, one.stops),
        *_said(InTheWay.REVIEW, one.reviews),
        *_waiting(InTheWay.PENDING, one.pending),
        *_said(InTheWay.BAR, one.bars),
        *_waiting(InTheWay.HELD_OPEN, one.pending_bars if one.is_held_open else ()),
    ]
    if not one.leads and not one.stops and not one.barred:
        found += _by_weight(outcome, option, total)
    return tuple(found)


def _said(kind: InTheWay, findings: tuple[Finding, ...]) -> Iterator[Obstacle]:
    if findings:
        yield Obstacle(kind, findings[0].because, len(findings) - 1)


def _waiting(kind: InTheWay, pending: tuple[Pending, ...]) -> Iterator[Obstacle]:
    if pending:
        yield Obstacle(kind, pending[0].because, len(pending) - 1)


def _by_weight(outcome: Outcome, option: OptionId, total: int) -> Iterator[Obstacle]:
    """Why an open option does not lead: there is no reason of its own, or others weigh more."""
    if option is OptionId.BOTH and not outcome.options[option].favour:
        yield Obstacle(InTheWay.NO_OWN_REASON)
        return
    leader = next(iter(outcome.leading), None)
    if total < 0:
        yield Obstacle(InTheWay.BELOW_ZERO)
    elif leader is not None and option in outcome.close:
        yield Obstacle(InTheWay.NOT_PREFERRED, other=leader)
    elif leader is not None:
        yield Obstacle(InTheWay.OUTWEIGHED, other=leader)
    elif option in outcome.close and not outcome.urgent:
        yield Obstacle(InTheWay.CLOSE if total >= LEADING_SUM else InTheWay.TOO_LITTLE)
    elif total < LEADING_SUM:
        yield Obstacle(InTheWay.TOO_LITTLE)
    elif not outcome.urgent:
        yield Obstacle(InTheWay.BEHIND)
