"""The world of the matrix, made once for each file of tests."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.db import transaction
from pytest_django import DjangoDbBlocker

from tests.around import around_all
from tests.whole.matrix.world import World, make_world


@pytest.fixture(scope="module")
def world(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[World]:
    """Made once; every request is taken back."""
    with django_db_blocker.unblock(), around_all():
        yield make_world()
        transaction.set_rollback(True)
