"""Conditions with one thing in them changed, for every place where it can be."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from decisions.rules.logic.conditions import (
    All,
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

Rewrite = Callable[[Condition], Iterator[Condition]]
"""What one node of a condition is replaced by; nothing where it stays."""


def variants(condition: Condition, rewrite: Rewrite) -> Iterator[Condition]:
    """The condition with exactly one of its nodes rewritten, for each node and each way."""
    yield from rewrite(condition)
    match condition:
        case Not():
            for part in variants(condition.part, rewrite):
                yield Not(part=part)
        case All() | AnyOf():
            for place, one in enumerate(condition.parts):
                for part in variants(one, rewrite):
                    before, after = condition.parts[:place], condition.parts[place + 1 :]
                    yield type(condition)(parts=(*before, part, *after))


def flip_comparison(node: Condition) -> Iterator[Condition]:
    """`at_least` reads `below`, and the other way round."""
    match node:
        case AtLeast():
            yield Below(question=node.question, number=node.number)
        case Below():
            yield AtLeast(question=node.question, number=node.number)


def move_threshold(node: Condition) -> Iterator[Condition]:
    """A number is one less, or one more."""
    if isinstance(node, AtLeast | Below):
        for step in (-1, 1):
            yield type(node)(question=node.question, number=node.number + step)


def swap_any_and_all(node: Condition) -> Iterator[Condition]:
    """`all` reads `any`, and the other way round."""
    match node:
        case All() if len(node.parts) > 1:
            yield AnyOf(parts=node.parts)
        case AnyOf() if len(node.parts) > 1:
            yield All(parts=node.parts)


def drop_part(node: Condition) -> Iterator[Condition]:
    """One part of `all` or `any` is gone; guards for missing answers are `drop_guard`'s."""
    if isinstance(node, All | AnyOf) and len(node.parts) > 1:
        for part in node.parts:
            if not isinstance(part, Unanswered):
                yield type(node)(parts=tuple(one for one in node.parts if one is not part))


def drop_guard(node: Condition) -> Iterator[Condition]:
    """An `unanswered` is gone."""
    if isinstance(node, All | AnyOf) and len(node.parts) > 1:
        for part in node.parts:
            if isinstance(part, Unanswered):
                yield type(node)(parts=tuple(one for one in node.parts if one is not part))


def guard_what_is_denied(node: Condition) -> Iterator[Condition]:
    """A `not` holds, too, while there is no answer."""
    match node:
        case Not(part=Is() | In() | Includes() as denied):
            yield AnyOf(parts=(Unanswered(question=denied.question), node))


def drop_not(node: Condition) -> Iterator[Condition]:
    """A `not` is gone."""
    if isinstance(node, Not):
        yield node.part


def drop_value(node: Condition) -> Iterator[Condition]:
    """One value of an `in` is gone."""
    if isinstance(node, In) and len(node.values) > 1:
        for value in sorted(node.values):
            yield In(question=node.question, values=node.values - {value})


def swap_value(questionnaire: Questionnaire) -> Rewrite:
    """`is` and `includes` name the next value of the question."""

    def rewrite(node: Condition) -> Iterator[Condition]:
        if isinstance(node, Is | Includes) and isinstance(node.value, str):
            values = [option.value for option in questionnaire.question(node.question).choices]
            value = values[(values.index(node.value) + 1) % len(values)]
            yield type(node)(question=node.question, value=value)

    return rewrite
