"""An EHR of other people's making, once for all tests."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.decisions.smart.launches import ForeignEhr, foreign_ehr


@pytest.fixture(scope="session")
def running_ehr() -> Iterator[ForeignEhr]:
    """Node takes a second to start."""
    with foreign_ehr() as ehr:
        yield ehr
