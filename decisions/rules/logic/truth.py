"""Three-valued (Kleene) logic: what is known to be true, known to be false, or not known.

Unknown is not no. The order FALSE < UNKNOWN < TRUE makes "all" the smallest and "any"
the largest of its parts, which is Kleene's strong logic.
"""

from __future__ import annotations

from collections.abc import Iterable
from enum import IntEnum


class Truth(IntEnum):
    """One of the three truth values; compare with `is`."""

    FALSE = 0
    UNKNOWN = 1
    TRUE = 2


_NEGATED = (Truth.TRUE, Truth.UNKNOWN, Truth.FALSE)


def truth_of(flag: bool) -> Truth:
    """TRUE or FALSE for something that is known."""
    return Truth.TRUE if flag else Truth.FALSE


def all_of(truths: Iterable[Truth]) -> Truth:
    """FALSE if any part is, else UNKNOWN if any part is, else TRUE (also of nothing)."""
    return min(truths, default=Truth.TRUE)


def any_of(truths: Iterable[Truth]) -> Truth:
    """TRUE if any part is, else UNKNOWN if any part is, else FALSE (also of nothing)."""
    return max(truths, default=Truth.FALSE)


def negate(truth: Truth) -> Truth:
    """TRUE and FALSE change places; UNKNOWN stays."""
    return _NEGATED[truth]
