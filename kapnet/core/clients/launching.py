"""Whether a record system can open this program with a patient (SMART App Launch).

The room that answers a launch says so; until it does, links are plain addresses.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from kapnet.core.people.models import Clinic

LAUNCH: Final = "/smart/launch"
Knows = Callable[[Clinic, str], bool]
_known_by: list[Knows] = []


def launches(knows: Knows) -> Knows:
    """Let a room say for which clinic and `iss` its launch works."""
    _known_by.append(knows)
    return knows


def can_launch(clinic: Clinic, fhir_server: str) -> bool:
    """Whether a launch from this record system would be answered."""
    return bool(fhir_server) and any(knows(clinic, fhir_server) for knows in _known_by)
