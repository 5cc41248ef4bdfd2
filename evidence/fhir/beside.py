"""Kinds of resources that other parts serve beside those of the evidence: they register here."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from evidence.hook_points import Hook

if TYPE_CHECKING:
    from evidence.fhir.registry import Served

ALSO_SERVED: Hook[Callable[[], Served]] = Hook()
