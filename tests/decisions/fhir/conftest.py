"""Resources that tests emit are judged by a program that is not ours."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any

import pytest

from tests.decisions.fhir.emitted import assert_valid


@pytest.fixture
def emitted() -> Iterator[Callable[[Iterable[dict[str, Any]]], list[dict[str, Any]]]]:
    """Notes what a test emits and gives it back; npm `fhir` judges all of it after the test."""
    noted: list[dict[str, Any]] = []

    def note(resources: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
        found = list(resources)
        noted.extend(found)
        return found

    yield note
    assert_valid(noted)
