"""What would change this: the smallest sets of changes that give an option another verdict.

Only circumstances that care can change (`changeable`), and only known answers: what is not
known is pending, not a change.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import lru_cache
from itertools import combinations, product

from decisions.rules.engine.edition import Edition
from decisions.rules.engine.outcomes import Verdict
from decisions.rules.engine.rules import WEIGHED, Effect, OptionId
from decisions.rules.engine.weighed_rules import Prepared
from decisions.rules.logic.conditions import Unanswered, leaves_in
from decisions.rules.logic.thresholds import thresholds
from decisions.rules.logic.truth import Truth
from decisions.rules.logic.values import Frozen
from decisions.rules.questionnaire.answer_values import Value
from decisions.rules.questionnaire.answers import Answers
from decisions.rules.questionnaire.questionnaire import Question
from decisions.rules.sensitivity.trials import Trial, Trials
from evidence.domain.entries import EvidenceBase

MOST_STEPS = 3
"""A set of changes has at most this many."""


class Step(Frozen):
    """One answer that is given another value, as plain data."""

    question: str
    to: int | str | tuple[str, ...]


class Change(Frozen):
    """A smallest set of steps that gives an option another verdict, and that verdict.

    gained, lost: the rules that then stand, or no longer stand, among the option's stops,
    reviews, bars, reasons and pending rules, or among the urgent ones; in the order of the
    rules. A rule that turns from pending to true is gained, one that turns from true to pending
    lost.
    """

    steps: tuple[Step, ...]
    verdict: Verdict
    gained: tuple[str, ...]
    lost: tuple[str, ...]


Changes = Mapping[OptionId, tuple[Change, ...]]
"""What would change the verdict of each option."""


def what_would_change(edition: Edition, answers: Answers, evidence: EvidenceBase) -> Changes:
    """Per option, every smallest set of one to three steps that changes its verdict.

    A set counts only if no part of it changes the verdict already; it has at most one step a
    question. Sets with fewer steps stand first, then in questionnaire order.
    """
    trials = Trials(edition, answers, evidence)
    found: dict[OptionId, list[tuple[frozenset[Step], Change]]] = {one: [] for one in OptionId}
    for steps in _sets_of_steps(edition, answers):
        parts = frozenset(steps)
        wanted = [
            option
            for option, changes in found.items()
            if not any(smaller <= parts for smaller, _ in changes)
        ]
        if not wanted:
            continue
        trial = trials.with_answers({step.question: step.to for step in steps})
        for option in wanted:
            verdict = trial.position.verdicts[option]
            if verdict is not trials.position.verdicts[option]:
                found[option].append((parts, _change(steps, option, verdict, trial)))
    return {option: tuple(change for _, change in changes) for option, changes in found.items()}


def _sets_of_steps(edition: Edition, answers: Answers) -> Iterator[tuple[Step, ...]]:
    """Every set of one to three steps, the smaller sets first."""
    by_question = [
        steps
        for question in edition.questionnaire.questions
        if (steps := steps_from(edition, question, answers))
    ]
    for size in range(1, MOST_STEPS + 1):
        for chosen in combinations(by_question, size):
            yield from product(*chosen)


def steps_from(edition: Edition, question: Question, answers: Answers) -> tuple[Step, ...]:
    """The other values that one change can give a question whose answer is known."""
    value = answers.get(question.id)
    if not question.changeable or value is None or not answers.is_known(question.id):
        return ()
    return tuple(
        Step(question=question.id, to=other) for other in _other_values(edition, question, value)
    )


def _other_values(
    edition: Edition, question: Question, value: Value
) -> Iterator[int | str | tuple[str, ...]]:
    match value:
        case int():
            yield from sorted(_across_thresholds(edition, question, value))
        case str():
            yield from (option.value for option in question.choices if option.value != value)
        case tuple():
            for option in question.options:
                toggled = frozenset(value) ^ {option.value}
                yield tuple(one.value for one in question.options if one.value in toggled)


def _across_thresholds(edition: Edition, question: Question, value: int) -> frozenset[int]:
    """For each threshold of the edition, the nearest number on its other side."""
    nearest = {n if value < n else n - 1 for n in _thresholds_of(edition, question.id)}
    return frozenset(
        n
        for n in nearest
        if question.min is not None
        and question.max is not None
        and question.min <= n <= question.max
    )


@lru_cache(maxsize=256)
def _thresholds_of(edition: Edition, question_id: str) -> frozenset[int]:
    conditions = [rule.when for rule in edition.rules]
    conditions += [one.ask_when for one in edition.questionnaire.questions if one.ask_when]
    return frozenset(
        number
        for condition in conditions
        for leaf in leaves_in(condition)
        if leaf.question == question_id and not isinstance(leaf, Unanswered)
        for number in thresholds(leaf)
    )


def _change(steps: tuple[Step, ...], option: OptionId, verdict: Verdict, trial: Trial) -> Change:
    gained, lost = [], []
    for one in trial.turned:
        before, after = (_stands(one.rule, option, truth) for truth in (one.before, one.after))
        if after > before:
            gained.append(one.rule.rule.id)
        elif after < before:
            lost.append(one.rule.rule.id)
    return Change(steps=steps, verdict=verdict, gained=tuple(gained), lost=tuple(lost))


def _stands(one: Prepared, option: OptionId, truth: Truth) -> Truth:
    """How a rule stands among the reasons of an option: not at all, pending, or as true."""
    effect = one.rule.effect
    if effect is Effect.URGENT:
        return truth if truth is Truth.TRUE else Truth.FALSE
    if option not in one.of or effect is Effect.NOTE:
        return Truth.FALSE
    if effect in WEIGHED and not one.rule.bars:
        return truth if truth is Truth.TRUE and one.finding.weight else Truth.FALSE
    return truth
