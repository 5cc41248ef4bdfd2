"""How an edition asks its questions in short: data that decides nothing (short_path.yaml)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from decisions.rules.logic.values import Frozen, Id, Text
from decisions.rules.questionnaire.questionnaire import Clearer


class Cleared(Frozen):
    """Who clears some questions, and which."""

    name: Text
    questions: tuple[Id, ...]


class ShortPathPlan(Frozen):
    """What the short path of an edition asks.

    must_be_known: asked whatever the rules say, in this order. before_the_answer: asked after it,
    in this order, where they can change who leads; then the path offers its answer. Without them it
    offers none before its end. asked_together: one card. dated: asked with their
    day. listed: about medicines that are listed row by row. cleared_by: who clears what need not be
    asked. An edition without the file leaves nothing to anybody.
    """

    edition: Text = ""
    must_be_known: tuple[Id, ...] = ()
    before_the_answer: tuple[Id, ...] = ()
    asked_together: tuple[tuple[Id, ...], ...] = ()
    dated: tuple[Id, ...] = ()
    listed: tuple[Id, ...] = ()
    cleared_by: Mapping[Id, Cleared] = {}

    @property
    def clearers(self) -> Mapping[str, Clearer]:
        """Question id -> who clears it."""
        return {
            question: Clearer(id=who, name=cleared.name)
            for who, cleared in self.cleared_by.items()
            for question in cleared.questions
        }

    def card_of(self, question: str) -> tuple[str, ...]:
        """The questions of the card that a question is on: those asked together, else itself."""
        return next((one for one in self.asked_together if question in one), (question,))

    def cards(self, questions: Iterable[str]) -> int:
        """How many cards these questions take."""
        return len({self.card_of(one) for one in questions})

    def named(self) -> Iterator[str]:
        """Every question that it names, as often as it does."""
        yield from self.must_be_known
        yield from self.before_the_answer
        yield from self.dated
        yield from self.listed
        for together in self.asked_together:
            yield from together
        yield from self.left()

    def left(self) -> Iterator[str]:
        """Every question that it lets be left to somebody, as often as it does."""
        for cleared in self.cleared_by.values():
            yield from cleared.questions
