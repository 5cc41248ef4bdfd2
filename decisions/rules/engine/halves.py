"""What both at once carries of its two halves, told apart from what is its own."""

from __future__ import annotations

from decisions.rules.engine.outcomes import OptionOutcome, Outcome
from decisions.rules.engine.rules import HALVES, OptionId

CARRIED = ("stops", "reviews", "bars", "notes")
"""What both at once carries, true rules only."""


def without_halves(outcome: Outcome, option: OptionId) -> OptionOutcome:
    """An option with its own rules alone: of both at once without those of its halves."""
    one = outcome.options[option]
    if option is not OptionId.BOTH:
        return one
    halves = {rule for half in HALVES for rule in _carried_rules(outcome, half)}
    own = {
        name: tuple(each for each in getattr(one, name) if each.rule not in halves)
        for name in CARRIED
    }
    return one.model_copy(update=own)


def carried_by(outcome: Outcome, option: OptionId) -> tuple[tuple[OptionId, int], ...]:
    """How many stops, reviews and bars of each half both at once carries; nothing of a half."""
    if option is not OptionId.BOTH:
        return ()
    counts = ((half, _obstacles(outcome.options[half])) for half in HALVES)
    return tuple((half, count) for half, count in counts if count)


def _carried_rules(outcome: Outcome, half: OptionId) -> set[str]:
    one = outcome.options[half]
    return {each.rule for name in CARRIED for each in getattr(one, name)}


def _obstacles(one: OptionOutcome) -> int:
    return len(one.stops) + len(one.reviews) + len(one.bars)
