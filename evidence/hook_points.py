"""The questions that other parts answer for the evidence app: what they may register with.

Apart from what is asked and answered (`evidence.hooks`), so that registering imports neither.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Generic, TypeVar

if TYPE_CHECKING:
    from evidence.domain.entries import EvidenceBase
    from evidence.domain.impact import Impact, Progress
    from evidence.domain.release_content import Name
    from evidence.hooks import LookedAt, Resting, Topic, Usage
    from evidence.todo import Check

Teller = TypeVar("Teller", bound=Callable[..., object])


class Hook(Generic[Teller]):
    """A question of the evidence app, with those who answer it in the order they registered."""

    def __init__(self) -> None:
        self.tellers: list[Teller] = []

    def register(self, teller: Teller) -> None:
        """Ask this one, too. Registering it again changes nothing."""
        if teller not in self.tellers:
            self.tellers.append(teller)


USES: Hook[Callable[[str], list[Usage]]] = Hook()
TOPICS: Hook[Callable[[], tuple[Topic, ...]]] = Hook()
TO_DO: Hook[Check] = Hook()
RESTING: Hook[Callable[[frozenset[Name], str | None], Resting]] = Hook()
EDITIONS: Hook[Callable[[], LookedAt]] = Hook()
IMPACT: Hook[Callable[[EvidenceBase, EvidenceBase, Progress], Impact]] = Hook()
