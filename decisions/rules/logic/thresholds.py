"""Where a condition tells one number from the next."""

from __future__ import annotations

from decisions.rules.logic.conditions import AtLeast, Below, Is, Leaf


def thresholds(leaf: Leaf) -> tuple[int, ...]:
    """The numbers from which on an atom holds or no longer holds; none for other atoms."""
    match leaf:
        case AtLeast() | Below():
            return (leaf.number,)
        case Is() if isinstance(leaf.value, int):
            return (leaf.value, leaf.value + 1)
        case _:
            return ()
