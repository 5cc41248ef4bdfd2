"""How much is tried: little and always the same in the suite, more and new by hand."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Any

from hypothesis import HealthCheck, seed, settings

BY_HAND = "HOSTILE_ROUNDS"
ROUNDS = int(os.environ.get(BY_HAND, "1"))


def hostile(examples: int) -> settings:
    """So many examples for each of HOSTILE_ROUNDS."""
    return settings(
        max_examples=examples * ROUNDS,
        deadline=None,
        database=None,
        derandomize=BY_HAND not in os.environ,
        suppress_health_check=list(HealthCheck),
    )


def others_for(name: str) -> Callable[[Any], Any]:
    """In a loop: other examples for each name, where they are the same in every run."""
    return (lambda test: test) if BY_HAND in os.environ else seed(name)
