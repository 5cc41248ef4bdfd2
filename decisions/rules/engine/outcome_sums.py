"""What the reasons of an option add up to, read off its outcome."""

from __future__ import annotations

from decisions.rules.engine.outcomes import OptionOutcome, Outcome
from decisions.rules.engine.rules import HALVES, OptionId
from decisions.rules.engine.verdicts import sum_of_both


def sum_in(outcome: Outcome, option: OptionId) -> int:
    """The sum of an option, by the header of rules.yaml."""
    own = _own_sum(outcome.options[option])
    if option is not OptionId.BOTH:
        return own
    return sum_of_both(min(_own_sum(outcome.options[half]) for half in HALVES), own)


def _own_sum(one: OptionOutcome) -> int:
    return sum(each.weight for each in one.favour) - sum(each.weight for each in one.against)
