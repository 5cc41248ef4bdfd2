"""Conditions: small trees of atoms over answers, evaluated in three-valued logic.

    {is: {question: value}}   {in: {question: [..]}}   {includes: {question: value}}
    {at_least: {question: n}} {below: {question: n}}   {unanswered: question}
    {all: [..]}  {any: [..]}  {not: {..}}  {always: true}

An atom on an answer that is not known is UNKNOWN. An atom on a question that is not
applicable is FALSE, whatever was stored. `unanswered` alone is never UNKNOWN.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from enum import Enum
from typing import Annotated, Literal

from pydantic import Field, PlainSerializer

from decisions.rules.logic.truth import Truth, all_of, any_of, negate, truth_of
from decisions.rules.logic.values import Frozen, Id


class Missing(Enum):
    """Why a fact has no value. These are values of their own, never None or an empty string."""

    UNKNOWN = "unknown"
    NOT_APPLICABLE = "not applicable"


Fact = int | str | frozenset[str] | Missing
"""What a condition sees of one question: a number, a value, a set of values, or what is missing."""

Facts = Mapping[str, Fact]

SortedSet = Annotated[frozenset[str], PlainSerializer(sorted)]
"""A set whose JSON is always in the same order, so that hashes of it are too."""


class _Atom(Frozen):
    question: Id

    def evaluate(self, facts: Facts) -> Truth:
        fact = facts[self.question]
        if fact is Missing.UNKNOWN:
            return Truth.UNKNOWN
        if fact is Missing.NOT_APPLICABLE:
            return Truth.FALSE
        return Truth.TRUE if self.holds(fact) else Truth.FALSE

    def holds(self, fact: Fact) -> bool:
        """Whether a known value meets this atom."""
        raise NotImplementedError


class Is(_Atom):
    """The answer is this value; for several choices, exactly this set."""

    op: Literal["is"] = "is"
    value: str | int | SortedSet

    def holds(self, fact: Fact) -> bool:
        return fact == self.value


class In(_Atom):
    """The answer is one of these values."""

    op: Literal["in"] = "in"
    values: SortedSet

    def holds(self, fact: Fact) -> bool:
        return fact in self.values


class Includes(_Atom):
    """The chosen values include this one."""

    op: Literal["includes"] = "includes"
    value: str

    def holds(self, fact: Fact) -> bool:
        return isinstance(fact, frozenset) and self.value in fact


class AtLeast(_Atom):
    """The number is this or more."""

    op: Literal["at_least"] = "at_least"
    number: int

    def holds(self, fact: Fact) -> bool:
        return isinstance(fact, int) and fact >= self.number


class Below(_Atom):
    """The number is less than this."""

    op: Literal["below"] = "below"
    number: int

    def holds(self, fact: Fact) -> bool:
        return isinstance(fact, int) and fact < self.number


class Unanswered(Frozen):
    """There is no known answer, though the question applies or may apply. Never UNKNOWN."""

    op: Literal["unanswered"] = "unanswered"
    question: Id

    def evaluate(self, facts: Facts) -> Truth:
        return truth_of(facts[self.question] is Missing.UNKNOWN)


class Always(Frozen):
    """True of every patient."""

    op: Literal["always"] = "always"

    def evaluate(self, facts: Facts) -> Truth:
        return Truth.TRUE


class All(Frozen):
    """Every part holds."""

    op: Literal["all"] = "all"
    parts: Annotated[tuple[Condition, ...], Field(min_length=1)]

    def evaluate(self, facts: Facts) -> Truth:
        return all_of(part.evaluate(facts) for part in self.parts)


class AnyOf(Frozen):
    """At least one part holds."""

    op: Literal["any"] = "any"
    parts: Annotated[tuple[Condition, ...], Field(min_length=1)]

    def evaluate(self, facts: Facts) -> Truth:
        return any_of(part.evaluate(facts) for part in self.parts)


class Not(Frozen):
    """The part does not hold."""

    op: Literal["not"] = "not"
    part: Condition

    def evaluate(self, facts: Facts) -> Truth:
        return negate(self.part.evaluate(facts))


Condition = Annotated[
    Is | In | Includes | AtLeast | Below | Unanswered | Always | All | AnyOf | Not,
    Field(discriminator="op"),
]
Atom = Is | In | Includes | AtLeast | Below
Leaf = Atom | Unanswered

for _model in (All, AnyOf, Not):
    _model.model_rebuild()


class ConditionError(ValueError):
    """A condition that cannot be read; the message says what was wrong and how to fix it."""


def parse_condition(raw: object) -> Condition:
    """A condition from the plain data of an edition file. Raises ConditionError."""
    if not isinstance(raw, dict) or len(raw) != 1:
        raise ConditionError(f"a condition is one operator with its operand, not {raw!r}")
    ((op, operand),) = raw.items()
    if op in {"all", "any"}:
        if not isinstance(operand, list) or not operand:
            raise ConditionError(f"'{op}' takes a list of at least one condition")
        parts = tuple(parse_condition(part) for part in operand)
        return All(parts=parts) if op == "all" else AnyOf(parts=parts)
    if op == "not":
        return Not(part=parse_condition(operand))
    if op == "always":
        if operand is not True:
            raise ConditionError("'always' takes true and nothing else")
        return Always()
    if op == "unanswered":
        return Unanswered(question=_name(op, operand))
    if op in _ATOMS:
        return _parse_atom(op, operand)
    raise ConditionError(f"unknown operator {op!r}: use one of {', '.join(sorted(_OPERATORS))}")


def _parse_atom(op: str, operand: object) -> Condition:
    if not isinstance(operand, dict) or len(operand) != 1:
        raise ConditionError(f"'{op}' takes one question and its value, not {operand!r}")
    ((name, value),) = operand.items()
    return _ATOMS[op](_name(op, name), value)


def _name(op: str, raw: object) -> str:
    if not isinstance(raw, str):
        raise ConditionError(f"'{op}' names a question, not {raw!r}")
    return raw


def _parse_is(name: str, value: object) -> Condition:
    if isinstance(value, list):
        return Is(question=name, value=frozenset(_words("is", value)))
    if isinstance(value, bool) or not isinstance(value, str | int):
        raise ConditionError(f"'is' on {name} takes a value or a list, not {value!r}: quote yes/no")
    return Is(question=name, value=value)


def _parse_in(name: str, value: object) -> Condition:
    if not isinstance(value, list) or not value:
        raise ConditionError(f"'in' on {name} takes a list of at least one value")
    return In(question=name, values=frozenset(_words("in", value)))


def _parse_includes(name: str, value: object) -> Condition:
    return Includes(question=name, value=next(_words("includes", [value])))


def _number(op: str, name: str, value: object) -> int:
    if isinstance(value, bool) or not isinstance(value, int):
        raise ConditionError(f"'{op}' on {name} takes a whole number, not {value!r}")
    return value


def _words(op: str, values: list[object]) -> Iterator[str]:
    for value in values:
        if not isinstance(value, str):
            raise ConditionError(f"'{op}' takes values in words, not {value!r}: quote yes/no")
        yield value


_ATOMS: dict[str, Callable[[str, object], Condition]] = {
    "is": _parse_is,
    "in": _parse_in,
    "includes": _parse_includes,
    "at_least": lambda name, value: AtLeast(question=name, number=_number("at_least", name, value)),
    "below": lambda name, value: Below(question=name, number=_number("below", name, value)),
}
_OPERATORS = {*_ATOMS, "all", "any", "not", "always", "unanswered"}


def leaves_in(condition: Condition | None) -> Iterator[Leaf]:
    """Every atom of a condition, from left to right; nothing for None."""
    match condition:
        case None | Always():
            return
        case All() | AnyOf():
            for part in condition.parts:
                yield from leaves_in(part)
        case Not():
            yield from leaves_in(condition.part)
        case _:
            yield condition


def ids_in(condition: Condition | None) -> frozenset[str]:
    """The ids of questions and derived values that a condition speaks of."""
    return frozenset(leaf.question for leaf in leaves_in(condition))


OpenQuestions = Callable[[str], frozenset[str]]
"""Tells which questions can still change an atom on this id."""

_NOTHING: frozenset[str] = frozenset()


def still_open(condition: Condition, facts: Facts, of_name: OpenQuestions) -> frozenset[str]:
    """The questions whose answer can still change the truth of a condition.

    A part that is settled decides: what is beside a fixed FALSE in `all`, or a fixed
    TRUE in `any`, no longer matters.
    """
    match condition:
        case Always():
            return _NOTHING
        case Not():
            return still_open(condition.part, facts, of_name)
        case All():
            return _still_open_in(condition.parts, Truth.FALSE, facts, of_name)
        case AnyOf():
            return _still_open_in(condition.parts, Truth.TRUE, facts, of_name)
        case _:
            unknown = facts[condition.question] is Missing.UNKNOWN
            return of_name(condition.question) if unknown else _NOTHING


def _still_open_in(
    parts: tuple[Condition, ...], decisive: Truth, facts: Facts, of_name: OpenQuestions
) -> frozenset[str]:
    found = _NOTHING
    for part in parts:
        questions = still_open(part, facts, of_name)
        if not questions and part.evaluate(facts) is decisive:
            return _NOTHING
        found |= questions
    return found
