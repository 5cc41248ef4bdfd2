"""Stored cases as replay and impact read them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from decisions.replay.differences import CaseName


class Recorded(NamedTuple):
    """What a decision said when it was recorded. verdicts: one an option, in their order."""

    verdicts: tuple[str, ...]
    leading: tuple[str, ...]


class StoredCase(NamedTuple):
    """Answers as they are stored, and whose they are.

    answers: question id -> plain value, cleared answers left out. recorded: None for the
    answers of a case as they are now.
    """

    name: CaseName
    answers: Mapping[str, object]
    recorded: Recorded | None = None
