"""Room for the calls of a whole task, taken at once.

Python keeps the frames of a thread in chunks of 16 KB. A call that finds no room in the last one
takes another from the system, which goes back when that call returns: a loop at such an edge pays
for a chunk with each of its calls. A frame that is larger than a chunk gets one of its own size,
rounded up, and what it calls has the rest of it.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

SLOTS = 15_400
"""Values that the frame has room for, and never holds: its chunk has 256 KB, of which half is left
for what is called. What is not touched takes no memory."""

Answer = TypeVar("Answer")


def on_a_large_stack(act: Callable[..., Answer]) -> Callable[..., Answer]:
    """The same function, called with room for all that it calls."""

    def act_with_room(*given: object, **named: object) -> Answer:
        return act(*given, **named)

    act_with_room.__code__ = act_with_room.__code__.replace(co_stacksize=SLOTS)
    return act_with_room
