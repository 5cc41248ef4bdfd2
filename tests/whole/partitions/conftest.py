"""One database whose tables are partitioned by clinic, and a spy on it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.db import connection
from pytest_django import DjangoDbBlocker

from tests.whole.partitions.database import PartitionedCopy
from tests.whole.partitions.spy import Spy, spying

NAME = "test_partitions"


@pytest.fixture(scope="package")
def spy(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Spy]:
    """Django's connection leads to the partitions for as long as these tests run."""
    usual, database = connection.settings_dict["NAME"], PartitionedCopy(NAME)
    with django_db_blocker.unblock():
        database.make()
        try:
            with spying(NAME) as spy:
                yield spy
        finally:
            database.remove()
            connection.settings_dict["NAME"] = usual
