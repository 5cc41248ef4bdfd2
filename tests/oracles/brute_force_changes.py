"""What would change a verdict, and what a verdict rests on, by trying everything.

Changes: every set of one to three single changes to changeable questions is tried, and those
are kept that change an option's verdict and of which no smaller part does. Decisive rules: each
true rule is taken away in turn. Independent of `decisions`.

Readings chosen where the specification leaves room:

- A question with a stored known answer can be changed, also while it is not asked.
- A number has one change for every threshold that a condition of the edition names, notes included:
  the nearest value on its other side.
- A set changes each question once.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations
from typing import Any

from tests.oracles.brute_force import (
    NOTHING,
    Answers,
    Judged,
    carriers,
    involved,
    judge,
    judge_answers,
    truths_of,
)
from tests.oracles.independent_conditions import (
    evaluate,
    known_answers,
    questions,
    rules,
    thresholds,
)
from tests.oracles.independent_evaluation import OPTIONS

MOST_CHANGES = 3

Single = tuple[str, Any]
"""A question and another answer to it; several values as a tuple in the order of the options."""


@dataclass(frozen=True)
class Changed:
    """A minimal set of changes and what it does to an option."""

    steps: frozenset[Single]
    verdict: str
    gained: frozenset[str]
    lost: frozenset[str]


# ---------------------------------------------------------------- changes


def single_changes(answers: Answers) -> list[Single]:
    known = known_answers(answers)
    return [
        (question, value)
        for question, description in questions().items()
        if description.get("changeable") and question in known
        for value in other_values(question, known[question])
    ]


def other_values(question: str, value: Any) -> Iterator[Any]:
    """What one change can make of an answer."""
    description = questions()[question]
    match description["type"]:
        case "yes_no":
            yield "no" if value == "yes" else "yes"
        case "choices":
            values = [option["value"] for option in description["options"]]
            for one in values:
                changed = set(value) ^ {one}
                yield tuple(name for name in values if name in changed)
        case "integer":
            for threshold in thresholds(question):
                yield threshold - 1 if value >= threshold else threshold
        case kind:
            raise ValueError(f"{question}: no change is defined for {kind}")


def changes(answers: Answers, gone: frozenset[str] = NOTHING) -> dict[str, set[Changed]]:
    """Per option every minimal set of one to three changes that changes its verdict."""
    before = judge_answers(answers, gone)
    found: dict[str, set[Changed]] = {option: set() for option in OPTIONS}
    truths, singles = truths_of(answers), single_changes(answers)
    touched = [rule for rule in rules() if involved(rule["id"]) & {name for name, _ in singles}]
    for size in range(1, MOST_CHANGES + 1):
        for steps in combinations(singles, size):
            if len({question for question, _ in steps}) < size:
                continue
            known = {**known_answers(answers), **{q: _plain(value) for q, value in steps}}
            after = judge(
                truths | {rule["id"]: evaluate(rule["when"], known) for rule in touched},
                known.get("preference"),
                gone,
            )
            for option in OPTIONS:
                if after.verdicts[option] == before.verdicts[option]:
                    continue
                if any(one.steps < set(steps) for one in found[option]):
                    continue
                found[option].add(
                    Changed(
                        frozenset(steps),
                        after.verdicts[option],
                        gained=more(before, after, option),
                        lost=more(after, before, option),
                    )
                )
    return found


def more(one: Judged, other: Judged, option: str) -> frozenset[str]:
    """The rules that stand, or are pending, in the other and were not in the one."""
    newly_pending = other.pending[option] - one.pending[option] - one.standing[option]
    return (other.standing[option] - one.standing[option]) | newly_pending


def _plain(value: Any) -> Any:
    return list(value) if isinstance(value, tuple) else value


# ---------------------------------------------------------------- decisive rules


def decisive(answers: Answers, gone: frozenset[str] = NOTHING) -> dict[str, set[str]]:
    """Per option the true rules without which its verdict, its bar or who leads would differ."""
    truths, preference = truths_of(answers), known_answers(answers).get("preference")
    whole = judge(truths, preference, gone)
    found: dict[str, set[str]] = {option: set() for option in OPTIONS}
    for name in (name for name, truth in truths.items() if truth):
        rest = {other: truth for other, truth in truths.items() if other != name}
        without = judge(rest, preference, gone)
        for option in OPTIONS:
            same = (
                without.leading == whole.leading
                and without.verdicts[option] == whole.verdicts[option]
                and without.barred[option] == whole.barred[option]
            )
            if not same and option in carriers(name):
                found[option].add(name)
    return found
