"""Columns: what many cases said to one question, side by side, and conditions over all of them.

A column keeps each different fact once and, for every case, the place of its fact. An atom is
evaluated by its own model, once for each different fact, and its truths are then looked up for
all cases at once; `all`, `any` and `not` are the smallest, the largest and the mirrored truth.
So there is one condition tree, and no second reading of what its operators mean.

Cases stand in the same order in every column: index n is case n throughout.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import reduce

import numpy as np
from numpy.typing import NDArray

from decisions.rules.logic.conditions import All, Always, AnyOf, Condition, Fact, Leaf, Missing, Not
from decisions.rules.logic.truth import Truth
from decisions.rules.questionnaire.questionnaire import Questionnaire

Truths = NDArray[np.int8]
"""One Truth a case: 0 FALSE, 1 UNKNOWN, 2 TRUE."""

Places = NDArray[np.intp]
"""For each case, where its fact stands among the different facts of a column."""

Flags = NDArray[np.bool_]
"""One yes or no a case."""

MISSING_FACTS = (Missing.NOT_APPLICABLE, Missing.UNKNOWN)
"""The first facts of every column. Their places are the truths FALSE and UNKNOWN on purpose:
where a question is not, or perhaps not, asked, the truth of `ask_when` is the place."""


@dataclass(frozen=True, slots=True)
class Column:
    """What all cases answered to one question, or what was derived from it.

    facts: the different facts, MISSING_FACTS first. places: shape (cases,), each below the
    number of facts.
    """

    facts: tuple[Fact, ...]
    places: Places

    def taken(self, cases: Places) -> Column:
        """The column of these cases only."""
        return Column(self.facts, self.places[cases])

    def truths(self, leaf: Leaf) -> Truths:
        """The truth of an atom on this column, shape (cases,)."""
        of_fact = [leaf.evaluate({leaf.question: fact}) for fact in self.facts]
        return np.array(of_fact, dtype=np.int8)[self.places]

    def equal_to(self, fact: Fact) -> Flags:
        """Where this is the fact, shape (cases,)."""
        return np.array([one == fact for one in self.facts], dtype=np.bool_)[self.places]


@dataclass(frozen=True, slots=True)
class Columns:
    """The facts of many cases, by the id of a question or of a value derived from one.

    count: how many cases. Every column has that many places.
    """

    count: int
    by_id: Mapping[str, Column]

    def taken(self, cases: Places) -> Columns:
        """The columns of these cases only, in this order."""
        return Columns(len(cases), {name: one.taken(cases) for name, one in self.by_id.items()})

    def as_asked(self, questionnaire: Questionnaire) -> Columns:
        """The columns as conditions see them, from columns of what was stored.

        What `Answers.facts` is to `Answers.values`: NOT_APPLICABLE where a question is not
        asked, UNKNOWN where it is not known whether it is.
        """
        seen: dict[str, Column] = {}
        so_far = Columns(self.count, seen)
        for question in questionnaire.evaluation_order:
            names = [question.id, *(derived.id for derived in question.derives)]
            if question.ask_when is None:
                seen.update((name, self.by_id[name]) for name in names)
                continue
            asked = so_far.evaluate(question.ask_when)
            seen.update((name, _where_asked(self.by_id[name], asked)) for name in names)
        return so_far

    def evaluate(self, condition: Condition) -> Truths:
        """The truth of a condition in every case, shape (cases,).

        Raises KeyError when the condition speaks of something that has no column.
        """
        match condition:
            case Always():
                return np.full(self.count, Truth.TRUE, dtype=np.int8)
            case All():
                return reduce(np.minimum, map(self.evaluate, condition.parts))
            case AnyOf():
                return reduce(np.maximum, map(self.evaluate, condition.parts))
            case Not():
                return np.int8(Truth.TRUE) - self.evaluate(condition.part)
            case _:
                return self.by_id[condition.question].truths(condition)


def _where_asked(stored: Column, asked: Truths) -> Column:
    places = np.where(asked == Truth.TRUE, stored.places, asked)
    return Column(stored.facts, places)
