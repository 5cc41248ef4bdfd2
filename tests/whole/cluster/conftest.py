"""Three nodes of PostgreSQL with the demo clinic, for all tests of the cluster."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from script.measure.server import prepare
from script.measure.web import seed_cases
from script.three_nodes import Cluster, missing_packages


@pytest.fixture(scope="package")
def cluster() -> Iterator[Cluster]:
    """It is broken by each test, and whole again after it."""
    if missing := missing_packages():
        pytest.skip(f"Debian packages are missing: {' '.join(missing)}. Run script/setup cluster.")
    running = Cluster(members_of_etcd=1)
    try:
        running.start()
        prepare(running.url)
        yield running
    finally:
        running.stop()


@pytest.fixture
def case_ids(cluster: Cluster) -> list[str]:
    """Two new cases of the demo therapist."""
    return seed_cases(cluster.url, 2)
