"""The next best question, straight from its definition. Independent of `decisions`.

Readings chosen where the specification leaves room:

- A question can come next while it is definitely asked and has no answer; "unknown" is an answer,
  and a form is unanswered until its total is known.
- What an urgent rule names as unanswered comes first, in the order of the rules, while the rule is
  true and the question has no known answer.
- It resolves most when the most unresolved stops wait for it, then the most reviews; a rule that
  holds up several options counts once. Where neither is left, when the most unresolved favour and
  against rules that weigh something speak of it.
"""

from __future__ import annotations

from typing import Any

from tests.oracles.brute_force import Answers
from tests.oracles.independent_conditions import (
    asked,
    evaluate,
    known_answers,
    owner,
    questions,
    rules,
    value_of,
    waits_for,
)
from tests.oracles.independent_evaluation import weight


def candidates(answers: Answers) -> list[str]:
    known = known_answers(answers)
    return [q for q in questions() if asked(q, known) is True and is_unanswered(q, answers)]


def is_unanswered(question: str, answers: Answers) -> bool:
    answer = answers.get(question)
    if question in {"phq9", "gad7"} and isinstance(answer, dict):
        return value_of(f"{question}_total", {question: answer}) is None
    return answer is None


def spoken_of(condition: Any) -> set[str]:
    """The questions that a condition itself names."""
    [(operator, argument)] = condition.items()
    if operator in {"all", "any"}:
        return set().union(*(spoken_of(part) for part in argument))
    if operator == "not":
        return spoken_of(argument)
    if operator == "always":
        return set()
    return {owner(argument if operator == "unanswered" else next(iter(argument)))}


def unanswered_in(condition: Any) -> list[str]:
    """The questions that a condition names as unanswered, from left to right."""
    [(operator, argument)] = condition.items()
    if operator in {"all", "any"}:
        return [name for part in argument for name in unanswered_in(part)]
    if operator == "not":
        return unanswered_in(argument)
    return [argument] if operator == "unanswered" else []


def next_best(answers: Answers, depends_on: tuple[str, ...]) -> str | None:
    """The question to ask next, given what brute force says that the result depends on."""
    known, can_ask = known_answers(answers), candidates(answers)
    for rule in rules():
        if rule["effect"] == "urgent" and evaluate(rule["when"], known) is True:
            for name in unanswered_in(rule["when"]):
                if name in can_ask and evaluate({"unanswered": name}, known) is True:
                    return name
    waiting = {
        effect: [
            waits_for(rule, known)
            for rule in rules()
            if rule["effect"] == effect and evaluate(rule["when"], known) is None
        ]
        for effect in ("stop", "review")
    }
    count = {
        question: tuple(
            sum(question in names for names in waiting[effect]) for effect in ("stop", "review")
        )
        for question in can_ask
    }
    most = max(count.values(), default=(0, 0))
    if most != (0, 0):
        return next(question for question in can_ask if count[question] == most)
    reasons = [
        spoken_of(rule["when"])
        for rule in rules()
        if rule["effect"] in {"favour", "against"}
        and weight(rule, frozenset())
        and evaluate(rule["when"], known) is None
    ]
    deciding = [question for question in can_ask if question in depends_on]
    return max(deciding, key=lambda name: sum(name in names for names in reasons), default=None)
