"""What would change the answer, in short: what is open, by who answers it; what care can change."""

from __future__ import annotations

from collections import Counter
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
"""How many questions, and how many circumstances of a line, are named before they are counted."""


@dataclass(frozen=True)
class Others:
    """Who clears some of the open questions, and how many."""

    name: str
    count: int


@dataclass(frozen=True)
class Instead:
    """Who would lead instead, nobody where `leading` is empty, and with which circumstances."""

    leading: tuple[OptionId, ...]
    steps: tuple[StepInWords, ...]

    @property
    def named(self) -> tuple[StepInWords, ...]:
        """The circumstances that are named."""
        return self.steps[:NAMED]

    @property
    def more(self) -> int:
        """How many there are besides."""
        return len(self.steps) - len(self.named)


@dataclass(frozen=True)
class WouldChange:
    """Which open questions can change who leads, by who answers them, and what else would."""

    yours: tuple[QuestionLink, ...]
    others: tuple[Others, ...]
    instead: tuple[Instead, ...]

    @property
    def named(self) -> tuple[QuestionLink, ...]:
        """The questions that are named."""
        return self.yours[:NAMED]

    @property
    def more(self) -> int:
        """How many there are besides for whoever reads this."""
        return len(self.yours) - len(self.named)


def present_would_change(
    edition: Edition,
    robustness: RobustnessView,
    instead: Iterable[LeadChange],
    values: Mapping[str, object],
) -> WouldChange:
    """In the order of the questionnaire; what another option would lead with stands first.

    values: the plain answers by question id.
    """
    clearers = edition.short_path.clearers
    names = Counter(clearers[link.id].name for link in robustness.depends_on if link.id in clearers)
    by_leading: dict[tuple[OptionId, ...], list[StepInWords]] = {}
    for one in instead:
        said = step_in_words(edition, values.get(one.step.question), one.step)
        by_leading.setdefault(one.leading, []).append(said)
    return WouldChange(
        yours=tuple(link for link in robustness.depends_on if link.id not in clearers),
        others=tuple(Others(name, count) for name, count in names.items()),
        instead=tuple(Instead(leading, tuple(steps)) for leading, steps in by_leading.items()),
    )


def would_change_of(file: CaseFile, robustness: RobustnessView) -> WouldChange:
    """Of a case as it stands."""
    return present_would_change(file.edition, robustness, file.instead, file.raw_answers)
