"""What is due: each room tells its own, and one page shows all of it.

Nothing due is stored here. A thing is due while its room tells it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Q, QuerySet

from decisions.cases.models import Case, Urgency

AGAIN_AFTER = timedelta(days=7)


@dataclass(frozen=True)
class DueThing:
    """One thing that is due about one open case.

    key: names it for good, and changes with its day. what: without a score or an answer, for staff
    read it, too. from_on and to_on: the window in which it can be done, where it has one. url: for
    who works with cases; desk_url: for staff, if it is theirs to do. is_ticked_off: whether
    somebody says that it is done, since nothing else would. outlives_follow_up: whether it is due
    although nobody asks this patient again.
    """

    key: str
    case: Case
    what: str
    due_on: date
    url: str
    from_on: date | None = None
    to_on: date | None = None
    desk_url: str = ""
    is_ticked_off: bool = False
    outlives_follow_up: bool = False

    @property
    def opens_on(self) -> date:
        """The first day of its window, or its day."""
        return min(self.from_on or self.due_on, self.due_on)

    def reminders_owed(self, today: date) -> int:
        """How many of its two reminders should have been sent by now; none once it is too late.

        The first when its window opens, the second on its day; without a window on its day and a
        week later.
        """
        if self.to_on and today > self.to_on:
            return 0
        second = self.due_on if self.opens_on < self.due_on else self.due_on + AGAIN_AFTER
        return sum(day <= today for day in (self.opens_on, second))


Teller = Callable[[QuerySet[Case], date], Iterable[DueThing]]
"""(open cases, last day that is asked for) -> what is due by then, as far as the room knows."""

_tellers: list[Teller] = []
_ends: list[Callable[[], QuerySet[Case]]] = []
_nightly: list[Callable[[], None]] = []


def tells_due(teller: Teller) -> None:
    """Let a room tell what is due. Registering it again changes nothing."""
    if teller not in _tellers:
        _tellers.append(teller)


def ends_follow_up(ended: Callable[[], QuerySet[Case]]) -> None:
    """Let a room name the cases in scope whose patients nobody asks again."""
    if ended not in _ends:
        _ends.append(ended)


def before_reminding(settle: Callable[[], None]) -> None:
    """Let a room bring its rows up to date each night, before anybody is reminded."""
    if settle not in _nightly:
        _nightly.append(settle)


def settle_all() -> None:
    """Bring what is due in the clinic in scope up to date."""
    for settle in _nightly:
        settle()


def due_things(cases: QuerySet[Case], *, until: date) -> list[DueThing]:
    """All that is due by this day in those of these cases that are open, the earliest first.

    A closed case in which somebody raised a safety task later is due as one without follow-up.
    """
    cases = cases.filter(Q(closed_at=None) | Q(urgency=Urgency.OPEN_SAFETY_TASK))
    ended = {pk for one in _ends for pk in one().values_list("pk", flat=True)}
    found = (thing for tell in _tellers for thing in tell(cases, until))
    kept = (
        one
        for one in found
        if one.outlives_follow_up or not (one.case.closed_at or one.case.pk in ended)
    )
    return sorted(kept, key=lambda one: (one.due_on, one.case.number, one.key))
