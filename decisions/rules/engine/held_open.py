"""What an option is held back by only as long as answers are open."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from decisions.rules.engine.answers_in_words import AnswerInWords, AnswerState
from decisions.rules.engine.outcomes import OptionOutcome


class HeldOpen(NamedTuple):
    """Question ids, in the order of asking: not asked yet, and asked and not known."""

    not_asked: tuple[str, ...] = ()
    not_known: tuple[str, ...] = ()


def held_open_by(one: OptionOutcome, answers: Iterable[AnswerInWords]) -> HeldOpen:
    """The questions that an option is held back by while they are open; none where a bar is true.

    answers: in the order of asking.
    """
    if not one.is_held_open:
        return HeldOpen()
    waits_for = {name for pending in one.pending_bars for name in pending.waits_for}
    waiting = [answer for answer in answers if answer.question in waits_for]
    not_known = tuple(one.question for one in waiting if one.state is AnswerState.NOT_KNOWN)
    return HeldOpen(
        tuple(one.question for one in waiting if one.question not in not_known), not_known
    )
