"""Which words cannot be the key of a source."""

from __future__ import annotations

TAKEN_BY_PAGES = frozenset(
    {"changes", "claims", "digest", "feeds", "positions", "releases", "to-do"}
)
"""Keys that would hide a page of the same address."""
