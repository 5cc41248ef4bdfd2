"""Which step follows which, and when the next is due: the whole tables."""

from __future__ import annotations

from datetime import date

import pytest

from decisions.desk.models import Status
from decisions.desk.steps import NEXT, due_after, may_follow
from tests.collecting import for_each

DAY = date(2026, 11, 23)
REPLY_BY = date(2026, 12, 24)


def test_every_status_says_what_may_come_next() -> None:
    assert set(NEXT) == set(Status)


def test_nothing_follows_itself_and_all_lead_to_done() -> None:
    for status in Status:
        assert not may_follow(status, status)
        reached, waiting = {status}, [status]
        while waiting:
            for one in NEXT[waiting.pop()]:
                if one not in reached:
                    reached.add(one)
                    waiting.append(one)
        assert Status.DONE in reached


@pytest.mark.parametrize(
    ("before", "after"),
    [("ready", "received"), ("exported", "accepted"), ("sent", "ready"), ("done", "sent")],
)
def test_step_that_leaves_one_out_is_none(before: str, after: str) -> None:
    assert not may_follow(before, after)


@for_each(
    ("status", "reply_by", "due"),
    [
        ("ready", None, date(2026, 11, 25)),
        ("exported", REPLY_BY, date(2026, 11, 25)),
        ("sent", None, date(2026, 12, 7)),
        ("sent", REPLY_BY, REPLY_BY),
        ("received", REPLY_BY, REPLY_BY),
        ("accepted", REPLY_BY, date(2026, 12, 7)),
        ("declined", None, date(2026, 12, 7)),
        ("appointment", None, date(2026, 12, 7)),
        ("done", REPLY_BY, None),
    ],
)
def test_due_after(status: str, reply_by: date | None, due: date | None) -> None:
    found = due_after(status, on=DAY, reply_by=reply_by, send_within=2, reply_within=14)

    assert found == due
