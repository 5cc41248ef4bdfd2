"""What is not known: each open question once, with everything that waits for it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from decisions.cases.decision.reasons import Context, Waiting, waiting_of
from decisions.rules.engine.answers_in_words import AnswerState
from decisions.rules.engine.outcomes import Outcome, Pending
from decisions.rules.engine.rules import OptionId


@dataclass(frozen=True)
class OpenQuestion:
    """A question that is open, and the stops, reviews and bars that wait for it first."""

    name: str
    question: str
    section: str
    is_not_known: bool
    """Whether it was asked and answered "not known"."""
    waiting: tuple[Waiting, ...]


@dataclass(frozen=True)
class NotKnown:
    """All of them, and how many questions each option waits for."""

    questions: tuple[OpenQuestion, ...]
    of_option: tuple[tuple[OptionId, int], ...]

    @property
    def count(self) -> int:
        """How many questions are open that something waits for."""
        return len(self.questions)


def not_known(context: Context, outcome: Outcome) -> NotKnown:
    """The open questions of an outcome in the order of asking, each with what waits for it."""
    by_question: dict[str, list[Waiting]] = {}
    for pending in _each_once(outcome):
        waiting = waiting_of(context, pending)
        by_question.setdefault(waiting.question, []).append(waiting)
    in_order = context.edition.questionnaire.in_order(set(by_question))
    return NotKnown(
        questions=tuple(_open_question(context, name, by_question[name]) for name in in_order),
        of_option=tuple(
            (option, len({name for each in one.pending for name in each.waits_for}))
            for option, one in outcome.options.items()
            if one.pending
        ),
    )


def _open_question(context: Context, name: str, waiting: Iterable[Waiting]) -> OpenQuestion:
    return OpenQuestion(
        name=context.names[name],
        question=name,
        section=context.words[name].section,
        is_not_known=context.words[name].state is AnswerState.NOT_KNOWN,
        waiting=tuple(waiting),
    )


def _each_once(outcome: Outcome) -> Iterator[Pending]:
    """Every rule that waits for an answer: both at once carries those of its halves."""
    every = (
        pending for one in outcome.options.values() for pending in (*one.pending, *one.pending_bars)
    )
    yield from {pending.rule: pending for pending in every}.values()
