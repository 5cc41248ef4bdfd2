"""How much is tried: little and always the same in the suite, more and new by hand."""

from __future__ import annotations

import os

from hypothesis import HealthCheck, settings

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
