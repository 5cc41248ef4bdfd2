"""The chains of audit events: each link holds a hash of its event and of the link before it.

Each clinic has a chain, and what is of no clinic has one. The database makes the links by triggers
(`chain_triggers.py`); this is the same arithmetic in Python, by which they are checked.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from datetime import UTC, datetime
from uuid import UUID

FIELDS = (
    "id",
    "at",
    "actor_id",
    "clinic_id",
    "action",
    "object_type",
    "object_id",
    "case_id",
    "outcome",
    "reason",
    "reference",
)
"""Every stored field of an event, in the order in which it is hashed."""

INSTALLATION = UUID(int=0)
"""The chain of events that are of no clinic."""

CLOSED = UUID(int=2**128 - 1)
"""The chain that all events were in before each clinic had one. Nothing is added to it."""


def chain_of(clinic_id: UUID | None) -> UUID:
    """The chain that an event of this clinic goes into."""
    return clinic_id or INSTALLATION


def before_the_first(chain: UUID) -> str:
    """What the first link of a chain names as the hash of the one before it.

    It binds every link to its chain, since each rests on the first.
    """
    return "0" * 64 if chain == CLOSED else hashlib.sha256(chain.hex.encode()).hexdigest()


def link_hash(sequence: int, previous: str, values: Sequence[object]) -> str:
    """The SHA-256 of a link, as 64 hexadecimal digits.

    It is taken of a JSON array without spaces, in UTF-8: sequence, hash of the link before, then
    the values of FIELDS. All of them are texts, or null.
    """
    parts = [str(sequence), previous, *map(_as_text, values)]
    text = json.dumps(parts, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def _as_text(value: object) -> str | None:
    """Times in UTC to the microsecond, ids of 32 digits without dashes."""
    match value:
        case None:
            return None
        case datetime():
            return value.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S.%f")
        case UUID():
            return value.hex
        case _:
            return str(value)
