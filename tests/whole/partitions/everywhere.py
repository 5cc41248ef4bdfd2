"""Runs tests on partitions: `pytest -p tests.whole.partitions.everywhere FILES`, with a PostgreSQL.

A test fails where a query of a clinic's scope reads more than that clinic's partition. Tests about
the catalogue itself fail as well: here it is another one.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest


def pytest_sessionstart() -> None:
    """Django is set up by now."""
    from tests import template_database
    from tests.whole.partitions.database import PartitionedCopy

    template_database.PostgresqlCopy = PartitionedCopy  # type: ignore[misc]


@pytest.fixture(scope="session")
def spy_everywhere(django_db_setup: None) -> Iterator[Any]:
    """On the database of all tests."""
    from django.db import connection

    from tests.whole.partitions.spy import spying

    with spying(connection.settings_dict["NAME"]) as spy:
        yield spy


@pytest.fixture(autouse=True)
def each_clinic_has_its_partition(spy_everywhere: Any) -> Iterator[None]:
    """Of each test by itself."""
    spy_everywhere.faults.clear()
    yield
    spy_everywhere.leave_out_tests()
    assert not spy_everywhere.faults, spy_everywhere.said()
