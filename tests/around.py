"""A transaction of a test around those of the product, as Django's own test case has one."""

from __future__ import annotations

from django.db import transaction


def around_all() -> transaction.Atomic:
    """What begins within it counts as a transaction of its own, durable or of one clinic."""
    block = transaction.atomic()
    block._from_testcase = True  # type: ignore[attr-defined]
    return block
