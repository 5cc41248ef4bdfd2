"""Tasks of a letter as their page shows them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from decisions.cases.edition.presenters import VerdictRow, verdict_rows
from decisions.letters.models import LetterTask
from decisions.rules.engine.edition_changes import OutcomeChanges


@dataclass(frozen=True)
class ShownTask:
    """One task. verdicts and urgent: what a later edition says otherwise; else empty."""

    row: LetterTask
    verdicts: tuple[VerdictRow, ...] = ()
    urgent: tuple[str, ...] = ()

    @property
    def is_stricter(self) -> bool:
        """Whether a later edition opened it."""
        return bool(self.row.reason == LetterTask.Reason.STRICTER)


def present_tasks(tasks: Iterable[LetterTask]) -> list[ShownTask]:
    """The tasks in their order."""
    return [_shown(one) for one in tasks]


def _shown(task: LetterTask) -> ShownTask:
    if task.changes is None:
        return ShownTask(task)
    changes = OutcomeChanges.model_validate(task.changes)
    decision = task.letter.decision
    rows = verdict_rows(
        changes.stricter,
        decision.edition,
        task.entry_key,
        first_course=bool(decision.outcome["first_course"]),
    )
    return ShownTask(task, rows, changes.urgent)
