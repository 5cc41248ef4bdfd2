"""The released edition, the project's own evidence, and what is expected of the two."""

from __future__ import annotations

from functools import cache

from decisions.loading import CURRENT_EDITION, EDITIONS, load_edition
from decisions.proof.expectations import Expectations, load_expectations
from evidence.loading import load_dossier


@cache
def expectations() -> Expectations:
    """What is expected of the released edition."""
    return load_expectations(EDITIONS / CURRENT_EDITION, load_edition(), load_dossier())
