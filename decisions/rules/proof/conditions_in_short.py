"""A condition in one line of ids, for the sentence that says what a case breaks."""

from __future__ import annotations

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


def in_short(condition: Condition) -> str:
    """A condition as ids and operators: "any(a is yes, b at_least 3)"."""
    match condition:
        case Always():
            return "always"
        case All() | AnyOf():
            return f"{condition.op}({', '.join(in_short(part) for part in condition.parts)})"
        case Not():
            return f"not({in_short(condition.part)})"
        case Unanswered():
            return f"{condition.question} is unanswered"
        case AtLeast() | Below():
            return f"{condition.question} {condition.op} {condition.number}"
        case In():
            return f"{condition.question} in {_set(condition.values)}"
        case Is() if isinstance(condition.value, frozenset):
            return f"{condition.question} is {_set(condition.value)}"
        case Is() | Includes():
            return f"{condition.question} {condition.op} {condition.value}"


def _set(values: frozenset[str]) -> str:
    return "{" + ", ".join(sorted(values)) + "}"
