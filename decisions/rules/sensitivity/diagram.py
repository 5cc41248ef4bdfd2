"""Who leads in every answer set, as a reduced decision diagram.

The questions are walked through in a fixed order: at each, one branch for every class of
answers; at the end, who leads. A question all of whose branches are the same is left out, and
equal parts are kept once. Such a diagram is canonical: a function depends on a question if and
only if the question occurs in its diagram (Bryant 1986, doi:10.1109/TC.1986.1676819). Every
answer set is in it; nothing is sampled.

What keeps it small: after some answers, all that still matters of them is what the decided
rules come to (small sums and who is blocked) and what the undecided ones still ask. Branches
that agree on both are one.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
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


Undecided = Mapping[Formula, Bearing]
"""Rules not yet decided: what still has to hold -> what they come to if it does."""


class Branching(NamedTuple):
    """A question on which the end depends, and where each of its classes goes on."""

    question: str
    branches: tuple[int, ...]


class State(NamedTuple):
    """Where a walk is: the next question, what was decided so far, and what was not yet."""

    place: int
    so_far: Bearing
    undecided: Undecided


class Walk:
    """Every answer set, question by question.

    questions: in the order of the walk. undecided: the rules that they decide, none of them
    decided yet. so_far: what the rules come to that are true in every answer set.
    """

    def __init__(
        self, formulas: Formulas, questions: Sequence[str], undecided: Undecided, so_far: Bearing
    ) -> None:
        self.questions = questions
        self.start = State(0, so_far, {})
        self._formulas = formulas
        self._arriving = self._by_first_question(undecided)

    def _by_first_question(self, undecided: Undecided) -> list[dict[Formula, Bearing]]:
        """For each place of the walk, the rules that no earlier question touches."""
        places = {question: place for place, question in enumerate(self.questions)}
        arriving: list[dict[Formula, Bearing]] = [{} for _ in self.questions]
        for formula, bearing in undecided.items():
            first = min(places[name] for name in self._formulas.questions(formula))
            arriving[first][formula] = bearing
        return arriving

    def is_over(self, state: State) -> bool:
        """Whether all that matters is decided."""
        return state.place == len(self.questions) or state.so_far == NOTHING_LEADS

    def after(self, state: State) -> list[State]:
        """What each class of answers to the next question leads to; one where none matters."""
        place, so_far, undecided = state
        question = self.questions[place]
        arriving = _still_bearing(self._arriving[place], so_far.blocked)
        _, now = settle(arriving.items(), so_far, undecided)
        touched = [one for one in now if question in self._formulas.questions(one)]
        if not touched:
            return [State(place + 1, so_far, now)]
        rest = {formula: bearing for formula, bearing in now.items() if formula not in touched}
        following = []
        for answer_class in range(len(self._formulas.classes.of(question))):
            filled = (
                (self._formulas.fill_in(formula, question, answer_class), now[formula])
                for formula in touched
            )
            following.append(State(place + 1, *settle(filled, so_far, rest)))
        return following

    def ends(self, end: Callable[[Bearing], End]) -> Iterator[End]:
        """Everything that some answer set ends in, as it is found: each once."""
        found, seen, ahead = set[End](), set[Hashable](), [self.start]
        while ahead:
            state = ahead.pop()
            if self.is_over(state):
                ending = end(state.so_far)
                if ending not in found:
                    found.add(ending)
                    yield ending
            elif (key := _key(state)) not in seen:
                seen.add(key)
                ahead += reversed(self.after(state))


def _key(state: State) -> tuple[int, Bearing, frozenset[tuple[Formula, Bearing]]]:
    return state.place, state.so_far, frozenset(state.undecided.items())


class Diagram(Generic[End]):
    """The reduced diagram of what answer sets end in: who leads, for instance.

    end: what is looked at once all rules are decided; the same of all that lead to nothing.
    """

    def __init__(self, walk: Walk, end: Callable[[Bearing], End]) -> None:
        self._way = walk
        self._end = end
        self._nodes: dict[End | Branching, int] = {}
        self._walked: dict[Hashable, int] = {}
        self._walk(walk.start)

    @property
    def nodes(self) -> tuple[End | Branching, ...]:
        """Every node by its number: branches lead to lower numbers, and all begins at the last."""
        return tuple(self._nodes)

    def way_to(self, wanted: Callable[[End], bool]) -> dict[str, int] | None:
        """Answer classes, by question, that lead to an end that is wanted; None if none does.

        Questions that are not named do not matter there.
        """
        ways: list[dict[str, int] | None] = []
        for node in self.nodes:  # branches always lead to nodes that came before
            if not isinstance(node, Branching):
                ways.append({} if wanted(node) else None)
                continue
            way = ((n, ways[branch]) for n, branch in enumerate(node.branches))
            ways.append(next(({node.question: n, **on} for n, on in way if on is not None), None))
        return ways[-1]

    def _walk(self, state: State) -> int:
        """The node of all that can follow."""
        if self._way.is_over(state):
            return self._number(self._end(state.so_far))
        key = _key(state)
        if key not in self._walked:
            self._walked[key] = self._branch(state)
        return self._walked[key]

    def _branch(self, state: State) -> int:
        branches = [self._walk(one) for one in self._way.after(state)]
        if all(branch == branches[0] for branch in branches):
            return branches[0]
        question = self._way.questions[state.place]
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
