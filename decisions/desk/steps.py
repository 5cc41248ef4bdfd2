"""Which step may follow which, and when the next one is due."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta

from decisions.desk.models import Status

NEXT: Mapping[str, tuple[Status, ...]] = {
    Status.READY: (Status.EXPORTED, Status.SENT),
    Status.EXPORTED: (Status.SENT,),
    Status.SENT: (Status.RECEIVED, Status.ACCEPTED, Status.DECLINED),
    Status.RECEIVED: (Status.ACCEPTED, Status.DECLINED),
    Status.ACCEPTED: (Status.APPOINTMENT, Status.DONE, Status.DECLINED),
    Status.APPOINTMENT: (Status.DONE, Status.DECLINED),
    Status.DECLINED: (Status.DONE,),
    Status.DONE: (),
}
"""Status -> what may come next. What was noted by mistake is put right by a correction."""

OPEN = tuple(one for one in Status if one is not Status.DONE)
BEFORE_SENDING = (Status.READY, Status.EXPORTED)


def may_follow(before: str, after: str) -> bool:
    """Whether one status may come after the other."""
    return after in NEXT[before]


def due_after(
    status: str, *, on: date, reply_by: date | None, send_within: int, reply_within: int
) -> date | None:
    """By when the next step is expected after one on this day; None where none is.

    reply_by: the day that the letter asks for. send_within and reply_within are in days.
    """
    match Status(status):
        case Status.READY | Status.EXPORTED:
            return on + timedelta(days=send_within)
        case Status.SENT | Status.RECEIVED:
            return reply_by or on + timedelta(days=reply_within)
        case Status.ACCEPTED | Status.APPOINTMENT | Status.DECLINED:
            return on + timedelta(days=reply_within)
        case Status.DONE:
            return None
