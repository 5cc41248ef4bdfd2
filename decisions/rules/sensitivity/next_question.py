"""The next best question: the unanswered question whose answer resolves most."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple

from decisions.rules.engine.decide import decide
from decisions.rules.engine.edition import Edition
from decisions.rules.engine.outcomes import Outcome, Pending
from decisions.rules.engine.rules import Effect
from decisions.rules.engine.weighed_rules import prepare
from decisions.rules.logic.conditions import Condition, Unanswered, leaves_in
from decisions.rules.logic.truth import Truth
from decisions.rules.questionnaire.answers import Answers
from decisions.rules.sensitivity.settled import Robustness, robustness_of
from evidence.domain.entries import EvidenceBase


def next_best_question(
    edition: Edition,
    answers: Answers,
    evidence: EvidenceBase,
    *,
    outcome: Outcome | None = None,
    robustness: Callable[[], Robustness] | None = None,
) -> str | None:
    """The question to ask next, or None when no question that can be asked resolves anything.

    First what an act-first rule asks for, then what an unresolved stop waits for, then what a
    review waits for, then those on which it depends who leads. Among these the one for which
    most stops, then most reviews wait, or else of which most open reasons speak; then the first
    of the questionnaire. Only a question that is asked now and has no answer is named: one
    answered "not known" is not asked again.
    outcome, robustness: of the same answers. The second takes long, and is asked for where neither
    stop nor review waits.
    """
    outcome = outcome or decide(edition, answers, evidence)
    waiting, to_ask = _waiting(outcome), _open_questions(answers)
    first = next((name for name in asked_first(edition, answers) if name in to_ask), None)
    best = first or max(
        (name for name in to_ask if name in waiting),
        key=waiting.__getitem__,
        default=None,
    )
    if best is not None:
        return best
    found = robustness() if robustness else robustness_of(edition, answers, evidence)
    deciding = [name for name in to_ask if name in found.depends_on]
    return next(iter(most_deciding_first(edition, answers, evidence, deciding)), None)


def asked_first(edition: Edition, answers: Answers) -> tuple[str, ...]:
    """The questions that act-first rules ask for: the rule is true because they are unanswered.

    One answered "not known" is among them. In the order of the rules.
    """
    urgent = [rule.when for rule in edition.rules if rule.effect is Effect.URGENT]
    leaves = (leaf for when in urgent if _holds(when, answers) for leaf in leaves_in(when))
    names = [
        answers.questionnaire.owner_of(one.question).id
        for one in leaves
        if isinstance(one, Unanswered) and _holds(one, answers)
    ]
    return tuple(name for name in dict.fromkeys(names) if answers.is_asked(name))


def _holds(condition: Condition, answers: Answers) -> bool:
    return condition.evaluate(answers.facts) is Truth.TRUE


class _Waiting(NamedTuple):
    """How many unresolved stops and reviews wait for a question."""

    stops: int
    reviews: int


def _open_questions(answers: Answers) -> list[str]:
    """The questions that are asked now and not answered in full, in order."""
    return [
        question.id
        for question in answers.questionnaire.questions
        if answers.is_asked(question.id) and not answers.is_complete(question.id)
    ]


def _waiting(outcome: Outcome) -> dict[str, _Waiting]:
    pending = {one.rule: one for option in outcome.options.values() for one in option.pending}
    stops = _named([one for one in pending.values() if one.effect is Effect.STOP])
    reviews = _named([one for one in pending.values() if one.effect is Effect.REVIEW])
    return {name: _Waiting(stops.count(name), reviews.count(name)) for name in {*stops, *reviews}}


def _named(pending: Iterable[Pending]) -> list[str]:
    return [name for one in pending for name in one.waits_for]


def most_deciding_first(
    edition: Edition, answers: Answers, evidence: EvidenceBase, questions: Sequence[str]
) -> tuple[str, ...]:
    """These questions, those first of which most open reasons speak; else as they stand."""
    named = _named_by_open_reasons(edition, answers, evidence) if len(questions) > 1 else []
    return tuple(sorted(questions, key=named.count, reverse=True))


def _named_by_open_reasons(edition: Edition, answers: Answers, evidence: EvidenceBase) -> list[str]:
    """The questions of which UNKNOWN reasons speak that would weigh something, once for each."""
    return [
        name
        for one in prepare(edition, evidence)
        if one.finding.weight and one.rule.when.evaluate(answers.facts) is Truth.UNKNOWN
        for name in edition.questions_of(one.rule.when)
    ]
