"""The diagram of all answer sets, as it is kept, and what one case leaves of it.

The diagram of a case needs no walk of its own: it is that of all answer sets without the branches
that the answers of the case rule out. Reduced again, it is the only diagram of the completions,
since a reduced diagram in one order is canonical (`diagram`).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from decisions.rules.engine.rules import OptionId
from decisions.rules.logic.values import Frozen
from decisions.rules.sensitivity.diagram import Branching, Diagram

Node = int
"""The number of a node: the ends first, then the branchings. A branching leads to lower numbers."""
Leading = tuple[OptionId, ...]
"""Who leads: one option or none."""


class Completions(NamedTuple):
    """What completions end in, and the questions of which one alone can change it."""

    ends: frozenset[Leading]
    questions: frozenset[str]


class WholeDiagram(Frozen):
    """Who leads in every answer set, as plain data.

    questions: in the order of the walk. branchings: each the place of its question, and the node
    to which every class of answers leads; all begins at the last.
    """

    questions: tuple[str, ...]
    ends: tuple[Leading, ...]
    branchings: tuple[tuple[int, tuple[Node, ...]], ...]

    def completions(self, left_open: Sequence[Sequence[int] | None]) -> Completions:
        """What is left of it. left_open: the classes that each question can have; None for all."""
        start = len(self.ends) + len(self.branchings) - 1
        same_as, kept = self._reduced(self._reached(start, left_open))
        used, questions = {same_as.get(start, start)}, set[str]()
        for (place, branches), node in reversed(kept.items()):
            if node in used:
                questions.add(self.questions[place])
                used.update(branches)
        ends = frozenset(end for node, end in enumerate(self.ends) if node in used)
        return Completions(ends, frozenset(questions))

    def _reached(
        self, start: Node, left_open: Sequence[Sequence[int] | None]
    ) -> dict[Node, tuple[int, tuple[Node, ...]]]:
        """The branchings that these classes reach, without their other branches; start first."""
        lowest = len(self.ends)
        reached = bytearray(start + 1)
        reached[start] = True
        found = {}
        for node in range(start, lowest - 1, -1):
            if reached[node]:
                place, branches = self.branchings[node - lowest]
                classes = left_open[place]
                if classes is not None:
                    branches = tuple([branches[n] for n in classes])
                found[node] = place, branches
                for branch in branches:
                    reached[branch] = True
        return found

    def _reduced(
        self, reached: dict[Node, tuple[int, tuple[Node, ...]]]
    ) -> tuple[dict[Node, Node], dict[tuple[int, tuple[Node, ...]], Node]]:
        """Each node and the one that it is the same as; and what is left: branching -> node."""
        same_as = {node: node for node in range(len(self.ends))}
        kept: dict[tuple[int, tuple[Node, ...]], Node] = {}
        for node, (place, branches) in reversed(reached.items()):
            branches = tuple([same_as[branch] for branch in branches])
            if branches.count(branches[0]) == len(branches):
                same_as[node] = branches[0]
            else:
                same_as[node] = kept.setdefault((place, branches), node)
        return same_as, kept


def whole(diagram: Diagram[Leading], questions: Sequence[str]) -> WholeDiagram:
    """A diagram as plain data. questions: in the order in which it was walked."""
    branchings = [node for node in diagram.nodes if isinstance(node, Branching)]
    ends = [node for node in diagram.nodes if not isinstance(node, Branching)]
    number = {node: n for n, node in enumerate([*ends, *branchings])}
    places = {question: place for place, question in enumerate(questions)}
    renumbered = [number[node] for node in diagram.nodes]
    return WholeDiagram(
        questions=tuple(questions),
        ends=tuple(ends),
        branchings=tuple(
            (places[node.question], tuple(renumbered[branch] for branch in node.branches))
            for node in branchings
        ),
    )
