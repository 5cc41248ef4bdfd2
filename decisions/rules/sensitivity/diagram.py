"""Who leads in the completions of a case, as a reduced decision diagram.

The open questions are walked through in a fixed order: at each, one branch for every class of
answers; at the end, who leads. A question all of whose branches are the same is left out, and
equal parts are kept once. Such a diagram is canonical: a function depends on a question if and
only if the question occurs in its diagram (Bryant 1986, doi:10.1109/TC.1986.1676819). Every
completion is in it; nothing is sampled.

What keeps it small: after some answers, all that still matters of them is what the decided
rules come to (small sums and who is blocked) and what the undecided ones still ask. Branches
that agree on both are one.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from functools import cached_property
from typing import Generic, NamedTuple, TypeVar

from decisions.rules.sensitivity.formulas import ALWAYS, NEVER, Formula, Formulas
from decisions.rules.sensitivity.leading_state import (
    NOTHING,
    NOTHING_LEADS,
    Bearing,
    together,
    under,
)

End = TypeVar("End", bound=Hashable)


class Choice(NamedTuple):
    """An open question, and the answer classes among which a completion chooses."""

    question: str
    classes: tuple[int, ...]


Undecided = Mapping[Formula, Bearing]
"""Rules not yet decided: what still has to hold -> what they come to if it does."""


class Branching(NamedTuple):
    """A question on which the end depends, and where each of its classes goes on."""

    question: str
    branches: tuple[int, ...]


class Diagram(Generic[End]):
    """The reduced diagram of what the completions of a case end in: who leads, for instance.

    choices: the open questions in the order of the walk. undecided: the rules that they decide,
    none of them decided yet. so_far: what the rules come to that are true in every completion.
    end: what is looked at once all rules are decided; the same of all that lead to nothing.
    """

    def __init__(
        self,
        formulas: Formulas,
        choices: Sequence[Choice],
        undecided: Undecided,
        so_far: Bearing,
        end: Callable[[Bearing], End],
    ) -> None:
        self._formulas = formulas
        self._choices = choices
        self._end = end
        self._nodes: dict[End | Branching, int] = {}
        self._walked: dict[tuple[int, Bearing, frozenset[tuple[Formula, Bearing]]], int] = {}
        self._arriving = self._by_first_question(undecided)
        self._walk(0, so_far, {})

    def _by_first_question(self, undecided: Undecided) -> list[dict[Formula, Bearing]]:
        """For each place of the walk, the rules that no earlier question touches."""
        places = {choice.question: place for place, choice in enumerate(self._choices)}
        arriving: list[dict[Formula, Bearing]] = [{} for _ in self._choices]
        for formula, bearing in undecided.items():
            first = min(places[name] for name in self._formulas.questions(formula))
            arriving[first][formula] = bearing
        return arriving

    @cached_property
    def ends(self) -> frozenset[End]:
        """Everything that some completion ends in."""
        return frozenset(node for node in self._nodes if not isinstance(node, Branching))

    @cached_property
    def questions(self) -> frozenset[str]:
        """The questions whose answer alone can change the end, between two completions."""
        return frozenset(node.question for node in self._nodes if isinstance(node, Branching))

    def way_to(self, wanted: Callable[[End], bool]) -> dict[str, int] | None:
        """Answer classes, by question, that lead to an end that is wanted; None if none does.

        Questions that are not named do not matter there.
        """
        nodes = list(self._nodes)
        ways: list[dict[str, int] | None] = []
        for node in nodes:  # branches always lead to nodes that came before
            if not isinstance(node, Branching):
                ways.append({} if wanted(node) else None)
                continue
            ways.append(self._way_from(node, ways))
        return ways[-1]

    def _way_from(
        self, node: Branching, ways: Sequence[dict[str, int] | None]
    ) -> dict[str, int] | None:
        classes = next(one.classes for one in self._choices if one.question == node.question)
        for answer_class, branch in zip(classes, node.branches, strict=True):
            way = ways[branch]
            if way is not None:
                return {node.question: answer_class, **way}
        return None

    def _walk(self, place: int, so_far: Bearing, undecided: Undecided) -> int:
        """The node of all that can follow."""
        if place == len(self._choices) or so_far == NOTHING_LEADS:
            return self._number(self._end(so_far))
        key = (place, so_far, frozenset(undecided.items()))
        if key not in self._walked:
            self._walked[key] = self._branch(place, so_far, undecided)
        return self._walked[key]

    def _branch(self, place: int, so_far: Bearing, undecided: Undecided) -> int:
        question, classes = self._choices[place]
        arriving = _still_bearing(self._arriving[place], so_far.blocked)
        _, now = settle(arriving.items(), so_far, undecided)
        touched = [one for one in now if question in self._formulas.questions(one)]
        if not touched:
            return self._walk(place + 1, so_far, now)
        rest = {formula: bearing for formula, bearing in now.items() if formula not in touched}
        branches = []
        for answer_class in classes:
            filled = (
                (self._formulas.fill_in(formula, question, answer_class), now[formula])
                for formula in touched
            )
            branches.append(self._walk(place + 1, *settle(filled, so_far, rest)))
        if all(branch == branches[0] for branch in branches):
            return branches[0]
        return self._number(Branching(question, tuple(branches)))

    def _number(self, node: End | Branching) -> int:
        return self._nodes.setdefault(node, len(self._nodes))


def settle(
    rules: Iterable[tuple[Formula, Bearing]], so_far: Bearing, rest: Undecided
) -> tuple[Bearing, Undecided]:
    """What the rules come to of which some may have been decided, and those still undecided.

    Rules that wait for the same count as one.
    """
    total, left = so_far, dict(rest)
    for formula, bearing in rules:
        if formula == ALWAYS:
            total = together(total, bearing)
        elif formula != NEVER:
            left[formula] = together(left.get(formula, NOTHING), bearing)
    if total.blocked == so_far.blocked:
        return total, left
    return total, _still_bearing(left, total.blocked)


def _still_bearing(undecided: Undecided, blocked: int) -> Undecided:
    """The undecided rules without what no longer matters once these options are blocked."""
    if not blocked:
        return undecided
    left = {formula: under(bearing, blocked) for formula, bearing in undecided.items()}
    return {formula: bearing for formula, bearing in left.items() if bearing != NOTHING}
