"""How much is tried: little and the same in the suite, more and new in `script/test whole`."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from typing import Any, TypeVar

from hypothesis import HealthCheck, seed, settings

T = TypeVar("T")
IN_THE_ENVIRONMENT = "TEST_ROUNDS"
ROUNDS = int(os.environ.get(IN_THE_ENVIRONMENT, "1"))


def hostile(examples: int, *, in_whole: int | None = None) -> settings:
    """So many examples in each round; in_whole: in `script/test whole`, if another number."""
    if ROUNDS > 1 and in_whole:
        examples = in_whole
    return settings(
        max_examples=examples * ROUNDS,
        deadline=None,
        database=None,
        derandomize=ROUNDS == 1,
        suppress_health_check=list(HealthCheck),
    )


def in_part(items: Iterable[T], *, one_of: int = 3) -> list[T]:
    """Each third of them, from the first; all in `script/test whole`."""
    return list(items)[:: 1 if ROUNDS > 1 else one_of]


def others_for(name: str) -> Callable[[Any], Any]:
    """In a loop: other examples for each name, where they are the same in every run."""
    return seed(name) if ROUNDS == 1 else (lambda test: test)
