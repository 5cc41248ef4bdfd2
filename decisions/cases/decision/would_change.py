"""What would change the answer, in short: what is open, and what care can change."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from decisions.cases.case_file import CaseFile
from decisions.cases.decision.sensitivity import (
    RobustnessView,
    StepInWords,
    step_in_words,
)
from decisions.cases.question_links import QuestionLink
from decisions.rules.engine.edition import Edition
from decisions.rules.engine.rules import OptionId
from decisions.rules.sensitivity.who_leads_instead import LeadChange

NAMED = 2
"""Up to how many questions are named."""


@dataclass(frozen=True)
class Instead:
    """Who would lead instead, nobody where `leading` is empty, and with which circumstances."""

    leading: tuple[OptionId, ...]
    steps: tuple[StepInWords, ...]

    @property
    def first(self) -> StepInWords:
        """The circumstance that is named."""
        return self.steps[0]


@dataclass(frozen=True)
class WouldChange:
    """Which open questions can change who leads, and what else would."""

    questions: tuple[QuestionLink, ...]
    instead: tuple[Instead, ...]

    @property
    def named(self) -> tuple[QuestionLink, ...]:
        """All of these questions, where they are few."""
        return self.questions if len(self.questions) <= NAMED else ()


def present_would_change(
    edition: Edition,
    robustness: RobustnessView,
    instead: Iterable[LeadChange],
    values: Mapping[str, object],
) -> WouldChange:
    """In the order of the questionnaire; what another option would lead with stands first.

    values: the plain answers by question id.
    """
    by_leading: dict[tuple[OptionId, ...], list[StepInWords]] = {}
    for one in instead:
        said = step_in_words(edition, values.get(one.step.question), one.step)
        by_leading.setdefault(one.leading, []).append(said)
    return WouldChange(
        questions=tuple(robustness.depends_on),
        instead=tuple(Instead(leading, tuple(steps)) for leading, steps in by_leading.items()),
    )


def would_change_of(file: CaseFile, robustness: RobustnessView) -> WouldChange:
    """Of a case as it stands."""
    return present_would_change(file.edition, robustness, file.reckoned.instead, file.raw_answers)
