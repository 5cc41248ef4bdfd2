"""What is read off an outcome for one option: told apart from its halves, held open, added up."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from decisions.rules.engine.answers_in_words import AnswerInWords
from decisions.rules.engine.halves import carried_by, without_halves
from decisions.rules.engine.held_open import HeldOpen, held_open_by
from decisions.rules.engine.outcome_sums import sum_in
from decisions.rules.engine.outcomes import OptionOutcome, Outcome
from decisions.rules.engine.rules import OptionId


class OptionDetails(NamedTuple):
    """own: without what both at once carries of its halves. carried: that, by half. total: the sum
    of its reasons."""

    own: OptionOutcome
    carried: tuple[tuple[OptionId, int], ...]
    held_open: HeldOpen
    total: int


def details_of(
    outcome: Outcome, answers: Iterable[AnswerInWords]
) -> Mapping[OptionId, OptionDetails]:
    """Of each option. answers: in the order of asking."""
    said = tuple(answers)
    return {
        option: OptionDetails(
            own=without_halves(outcome, option),
            carried=carried_by(outcome, option),
            held_open=held_open_by(one, said),
            total=sum_in(outcome, option),
        )
        for option, one in outcome.options.items()
    }
