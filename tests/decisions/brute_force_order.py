"""The next best question, straight from its definition. Independent of `decisions`.

Readings chosen where the specification leaves room:

- A question can come next while it is definitely asked and has no answer; "unknown" is an answer,
  and a form is unanswered until its total is known.
- It resolves most when the most unresolved stops wait for it, then the most reviews; a rule that
  holds up several options counts once.
"""

from __future__ import annotations

from tests.decisions.brute_force import Answers
from tests.decisions.independent_conditions import (
    asked,
    evaluate,
    known_answers,
    questions,
    rules,
    value_of,
    waits_for,
)


def candidates(answers: Answers) -> list[str]:
    known = known_answers(answers)
    return [q for q in questions() if asked(q, known) is True and is_unanswered(q, answers)]


def is_unanswered(question: str, answers: Answers) -> bool:
    answer = answers.get(question)
    if question in {"phq9", "gad7"} and isinstance(answer, dict):
        return value_of(f"{question}_total", {question: answer}) is None
    return answer is None


def next_best(answers: Answers, depends_on: tuple[str, ...]) -> str | None:
    """The question to ask next, given what brute force says that the result depends on."""
    known, can_ask = known_answers(answers), candidates(answers)
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
    return next((question for question in can_ask if question in depends_on), None)
