"""What is due as its page shows it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from decisions.cases.due.things import DueThing


@dataclass(frozen=True)
class DueRow:
    """One line of the list. for_staff: who sees it works at the desk."""

    thing: DueThing
    today: date
    for_staff: bool

    @property
    def state(self) -> str:
        """For its shape: act, half or waits."""
        if self.thing.due_on < self.today:
            return "act"
        return "half" if self.thing.opens_on <= self.today else "waits"

    @property
    def word(self) -> str:
        """Its state."""
        if self.thing.due_on < self.today:
            return "Overdue"
        if self.thing.due_on == self.today:
            return "Due today"
        return "Can be done now" if self.thing.opens_on <= self.today else "Coming"

    @property
    def url(self) -> str:
        """Where it is done; empty where that is somebody else's."""
        return self.thing.desk_url if self.for_staff else self.thing.url
