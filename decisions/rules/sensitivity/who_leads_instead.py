"""What would change who leads: each single circumstance that care can change and that does it."""

from __future__ import annotations

from collections.abc import Callable

from decisions.rules.engine.edition import Edition
from decisions.rules.engine.rules import OptionId
from decisions.rules.logic.values import Frozen
from decisions.rules.questionnaire.answers import Answers
from decisions.rules.sensitivity.changes import Step, steps_from
from decisions.rules.sensitivity.trials import Trials
from evidence.domain.entries import EvidenceBase


class LeadChange(Frozen):
    """One step, and who leads after it: nobody where that is empty."""

    step: Step
    leading: tuple[OptionId, ...]


def who_leads_instead(
    edition: Edition, answers: Answers, evidence: EvidenceBase, *, trials: Trials | None = None
) -> tuple[LeadChange, ...]:
    """Every single step that changes who leads.

    Of several numbers with which the same leads, the one nearest to the answer. First the steps
    after which another option leads, then those after which none does; else in questionnaire order.
    trials: of the same answers, where they are at hand.
    """
    trials = trials or Trials(edition, answers, evidence)
    found: dict[tuple[object, ...], LeadChange] = {}
    for question in edition.questionnaire.questions:
        for step in sorted(steps_from(edition, question, answers), key=_by_distance(answers)):
            trial = trials.with_answers({step.question: step.to})
            leading = trials.position_with(trial.added).standing.leading
            if leading == trials.position.standing.leading:
                continue
            is_number = isinstance(step.to, int)
            key = (step.question, leading) if is_number else (step.question, leading, step.to)
            found.setdefault(key, LeadChange(step=step, leading=leading))
    return tuple(sorted(found.values(), key=lambda one: not one.leading))


def _by_distance(answers: Answers) -> Callable[[Step], int]:
    def distance(step: Step) -> int:
        value = answers.get(step.question)
        return abs(step.to - value) if isinstance(step.to, int) and isinstance(value, int) else 0

    return distance
