"""settled, settled_on and depends_on by going through every completion of a case.

A completion gives every question without a known answer one of its admissible values. Values
that no condition tells apart are interchangeable, so one of each kind is enough: which these are
is found by trying every admissible value (every number, every subset, every pair of PHQ-9 total
and item 9) on every condition that bears on who leads. The completions form a grid with one axis
a question; a question is in depends_on when some line along its axis is not the same all over.

Independent of `decisions`: conditions and weights come from the independent evaluation.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations, product
from math import prod
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tests.oracles.brute_force import NOTHING, Answers, carriers, involved, weighs
from tests.oracles.independent_conditions import (
    cached,
    evaluate,
    known_answers,
    owner,
    questions,
    rules,
    value_of,
)
from tests.oracles.independent_evaluation import OPTIONS, lead

LARGEST_GRID = 300_000
"""Cases with more completions than this, up to interchangeable values, are not gone through."""
PREFERENCES: tuple[Any, ...] = (None, "ketamine", "repeat_tms", "both", "none")
HIGHEST_ITEM = 3
OTHER_ITEMS = 8
"""The items of the PHQ-9 besides item 9."""


@dataclass(frozen=True)
class Completed:
    """What all completions come to."""

    settled: bool
    settled_on: tuple[str, ...]
    depends_on: tuple[str, ...]
    completions: int


class TooManyError(Exception):
    """More completions than it makes sense to go through."""


# ---------------------------------------------------------------- the values of one question


def phq9_pairs(answer: Any) -> Iterator[tuple[int, int]]:
    """Every total with every item 9 that this (missing, partial or entered) PHQ-9 can come to."""
    answer = answer or {"items": [None] * (OTHER_ITEMS + 1)}
    if "total" in answer:
        item9, least, most = answer.get("item9"), 0, HIGHEST_ITEM * OTHER_ITEMS
    else:
        *others, item9 = answer["items"]
        least = sum(item for item in others if item is not None)
        most = least + HIGHEST_ITEM * others.count(None)
    for other_points in range(least, most + 1):
        for points in range(HIGHEST_ITEM + 1) if item9 is None else [item9]:
            if answer.get("total", other_points + points) == other_points + points:
                yield other_points + points, points


def admissible(question: str, answer: Any) -> Iterator[Any]:
    """Every value that a completion can give to a question of this (partial) answer."""
    description = questions()[question]
    values = [option["value"] for option in description.get("options", [])]
    match description["type"]:
        case "yes_no":
            yield from ("yes", "no")
        case "choice":
            yield from values
        case "choices":
            for size in range(len(values) + 1):
                yield from (list(some) for some in combinations(values, size))
        case "integer":
            yield from range(description["min"], description["max"] + 1)
        case "instrument" if question == "phq9":
            yield from ({"total": total, "item9": item9} for total, item9 in phq9_pairs(answer))
        case _:
            yield {"total": 0}


@cached
def bearing_atoms(question: str) -> tuple[tuple[str, str, Any], ...]:
    """(operator, name, wanted) of every atom on a question that can bear on who leads."""
    found = []

    def walk(node: Any) -> None:
        if isinstance(node, list):
            for part in node:
                walk(part)
        elif isinstance(node, dict):
            for operator, argument in node.items():
                if operator in {"all", "any", "not"}:
                    walk(argument)
                elif isinstance(argument, dict):
                    [(name, wanted)] = argument.items()
                    if owner(name) == question:
                        found.append((operator, name, wanted))

    walk([rule["when"] for rule in bearing_rules()])
    walk([one["ask_when"] for one in questions().values() if "ask_when" in one])
    return tuple(found)


@cached
def bearing_rules() -> tuple[dict[str, Any], ...]:
    """The rules that can bear on who leads."""
    return tuple(rule for rule in rules() if rule["effect"] not in {"review", "note"})


def told_apart(question: str, value: Any) -> tuple[Any, ...]:
    """What the conditions see of a value: equal for values that are interchangeable."""
    seen: list[Any] = [value] if question == "preference" else []
    for operator, name, wanted in bearing_atoms(question):
        given = value_of(name, {question: value})
        match operator:
            case "is":
                seen.append(
                    set(given) == set(wanted) if isinstance(given, list) else given == wanted
                )
            case "in":
                seen.append(given in wanted)
            case "includes":
                seen.append(wanted in given)
            case "at_least":
                seen.append(given >= wanted)
            case "below":
                seen.append(given < wanted)
    return tuple(seen)


def representatives(question: str, answer: Any) -> list[Any]:
    """One of each kind of interchangeable values."""
    return list(json.loads(_representatives(question, json.dumps(answer))))


@cached
def _representatives(question: str, answer: str) -> str:
    kinds = {told_apart(question, v): v for v in admissible(question, json.loads(answer))}
    return json.dumps(list(kinds.values()))


def is_open(question: str, answer: Any) -> bool:
    """Whether completions differ in a question: no known answer, or a form not fully known."""
    if answer is None:
        return True
    if question != "phq9":
        return False
    return value_of("phq9_total", {"phq9": answer}) is None or (
        value_of("phq9_item9", {"phq9": answer}) is None
    )


# ---------------------------------------------------------------- the grid of completions


def complete(answers: Answers, gone: frozenset[str] = NOTHING) -> Completed:
    """What all completions of a case come to. Raises TooManyError for more than LARGEST_GRID."""
    known = known_answers(answers)
    axes = {
        question: representatives(question, known.get(question))
        for question in questions()
        if is_open(question, known.get(question))
    }
    if prod(len(values) for values in axes.values()) > LARGEST_GRID:
        raise TooManyError
    grid = leading_grid(known, axes, gone)
    first = grid.flat[0]
    depends_on = tuple(
        question for axis, question in enumerate(axes) if (grid != grid.take([0], axis=axis)).any()
    )
    settled = bool((grid == first).all())
    return Completed(settled, _LEADINGS[first] if settled else (), depends_on, grid.size)


_LEADINGS: tuple[tuple[str, ...], ...] = ((), *((option,) for option in OPTIONS))


def leading_grid(
    known: Answers, axes: dict[str, list[Any]], gone: frozenset[str]
) -> NDArray[np.int8]:
    """Which leading (by its place in _LEADINGS) each completion gives."""
    shape = tuple(len(values) for values in axes.values())
    counts = {
        (option, what): np.zeros(shape, np.int16)
        for option in OPTIONS
        for what in ("closed", "for", "against")
    }
    urgent = np.zeros(shape, bool)
    for rule in bearing_rules():
        truth = truth_grid(rule, known, axes)
        if rule["effect"] == "urgent":
            urgent |= truth
        for option in carriers(rule["id"]):
            if rule["effect"] == "stop" or rule.get("bars"):
                counts[option, "closed"] += truth
            if rule["effect"] in {"favour", "against"} and option in rule["options"]:
                side = "for" if rule["effect"] == "favour" else "against"
                counts[option, side] += truth * np.int16(weighs(rule["id"], gone))
    preference = preference_grid(known, axes)
    columns = [urgent, preference, *counts.values()]
    table = np.stack([np.broadcast_to(column, shape).ravel() for column in columns], axis=1)
    states, place = np.unique(table, axis=0, return_inverse=True)
    names = list(counts)
    leadings = [_leading(state, names) for state in states.tolist()]
    return np.array(leadings, np.int8)[place].reshape(shape)


def _leading(state: list[int], names: list[tuple[str, str]]) -> int:
    """Who leads where the counts are these, by place in _LEADINGS."""
    urgent, preference, *numbers = state
    count = dict(zip(names, numbers, strict=True))
    own = {option: count[option, "for"] - count[option, "against"] for option in OPTIONS}
    lower = min(own["ketamine"], own["repeat_tms"])
    sums = {**own, "both": min(lower, lower + own["both"])}
    is_open = [
        option
        for option in OPTIONS
        if not count[option, "closed"] and (option != "both" or count["both", "for"])
    ]
    leading, _, _ = lead(sums, is_open, PREFERENCES[preference], bool(urgent))
    return _LEADINGS.index(tuple(leading))


def truth_grid(
    rule: dict[str, Any], known: Answers, axes: dict[str, list[Any]]
) -> NDArray[np.bool_]:
    """Whether a rule is true in each completion, along the axes that it looks at."""
    own = [question for question in axes if question in involved(rule["id"])]
    shape = [len(values) if question in own else 1 for question, values in axes.items()]
    truths = [
        evaluate(rule["when"], {**known, **dict(zip(own, values, strict=True))})
        for values in product(*(axes[question] for question in own))
    ]
    if None in truths:
        raise AssertionError(f"{rule['id']} is unknown in a completion")
    return np.array([truth is True for truth in truths]).reshape(shape)


def preference_grid(known: Answers, axes: dict[str, list[Any]]) -> NDArray[np.int8]:
    """What the patient prefers in each completion, by place in PREFERENCES."""
    if "preference" not in axes:
        return np.full([1] * len(axes), PREFERENCES.index(known["preference"]), np.int8)
    places = [PREFERENCES.index(value) for value in axes["preference"]]
    shape = [len(places) if question == "preference" else 1 for question in axes]
    return np.array(places, np.int8).reshape(shape)
