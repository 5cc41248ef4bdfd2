"""Conditions of an edition as text in ZEN, the expression language of GoRules.

Two-valued: for complete cases, where every question is answered or not applicable. The graph
hands a question that is not applicable on as null, and every atom on null is false.
"""

from __future__ import annotations

import json
from dataclasses import dataclass

from decisions.rules.logic.conditions import (
    All,
    Always,
    AnyOf,
    AtLeast,
    Below,
    Condition,
    In,
    Includes,
    Is,
    Not,
    Unanswered,
)
from decisions.rules.questionnaire.questionnaire import Questionnaire

OF_THIS_NODE = "$."
"""Before a name: the value that the same node has just computed."""


@dataclass(frozen=True)
class Writer:
    """Writes conditions over the facts of a case; `prefix` stands before every name."""

    questionnaire: Questionnaire
    prefix: str = ""

    def write(self, condition: Condition) -> str:
        """The condition as a ZEN expression."""
        match condition:
            case Always():
                return "true"
            case Not():
                return f"not ({self.write(condition.part)})"
            case All():
                return self._join(" and ", condition.parts)
            case AnyOf():
                return self._join(" or ", condition.parts)
            case Unanswered():
                asked = self.asked(condition.question)
                return f"({asked} and {self.prefix}{condition.question} == null)"
            case _:
                return _atom(condition, f"{self.prefix}{condition.question}")

    def asked(self, name: str) -> str:
        """Whether the question behind a name applies."""
        when = self.questionnaire.owner_of(name).ask_when
        return "true" if when is None else self.write(when)

    def _join(self, word: str, parts: tuple[Condition, ...]) -> str:
        return "(" + word.join(self.write(part) for part in parts) + ")"


def _atom(atom: Is | In | Includes | AtLeast | Below, name: str) -> str:
    """ZEN refuses to compare null with a number, so whether there is a value is asked first."""
    match atom:
        case Is() if isinstance(atom.value, frozenset):
            chosen = [f"{literal(value)} in {name}" for value in sorted(atom.value)]
            parts = [f"{name} != null", f"len({name}) == {len(atom.value)}", *chosen]
            return f"({' and '.join(parts)})"
        case Is():
            return f"{name} == {literal(atom.value)}"
        case In():
            return f"{name} in [{', '.join(literal(value) for value in sorted(atom.values))}]"
        case Includes():
            return f"({name} != null and {literal(atom.value)} in {name})"
        case AtLeast():
            return f"({name} != null and {name} >= {atom.number})"
        case Below():
            return f"({name} != null and {name} < {atom.number})"


def literal(value: object) -> str:
    """A plain value as ZEN writes it: as JSON does, but for the names of an object's fields."""
    match value:
        case list():
            return f"[{', '.join(literal(one) for one in value)}]"
        case dict():
            return "{" + ", ".join(f"{name}: {literal(one)}" for name, one in value.items()) + "}"
        case _:
            return json.dumps(value, ensure_ascii=False)
