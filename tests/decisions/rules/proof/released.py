"""The editions, the project's own evidence, and what is expected of the two."""

from __future__ import annotations

from functools import cache

from decisions.rules.loading import CURRENT_EDITION, EDITIONS, load_edition
from decisions.rules.proof.expectations import Expectations, load_expectations
from evidence.loading import load_dossier


@cache
def expectations(edition_id: str = CURRENT_EDITION) -> Expectations:
    """What is expected of an edition."""
    return load_expectations(EDITIONS / edition_id, load_edition(edition_id), load_dossier())
