"""One PostgreSQL with the demo clinic for all tests of faults, a server for each file."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from script.measure.server import manage, prepare
from tests.whole.faults.drafts import Draft
from tests.whole.faults.processes import Gunicorn, Postgres
from tests.whole.faults.seeds import Seeds


@pytest.fixture(scope="package")
def postgres() -> Iterator[Postgres]:
    """A database with the evidence and the demo clinic."""
    server = Postgres()
    try:
        prepare(server.url)
        yield server
    finally:
        server.stop()


@pytest.fixture(autouse=True, scope="package")
def _audit_log_holds(postgres: Postgres) -> Iterator[None]:
    """After all faults the audit log and every signed letter are what was written.

    Nothing repairs a chain that one of them broke, so that the last look sees it.
    """
    yield
    manage(postgres.url, "audit", "verify")


@pytest.fixture(scope="package")
def seeds(postgres: Postgres) -> Seeds:
    """Cases, drafts and signed letters of the demo therapist."""
    return Seeds(postgres.url)


@pytest.fixture
def case_id(seeds: Seeds) -> str:
    """A new case of the demo therapist, all of whose questions are answered."""
    return seeds.take("case")


@pytest.fixture
def draft(seeds: Seeds) -> Draft:
    """A new draft of the demo therapist."""
    return Draft(*seeds.take("draft").split())


@pytest.fixture(scope="module")
def server(postgres: Postgres) -> Iterator[Gunicorn]:
    """The app with two workers; the tests of a file kill its workers one after the other."""
    running = Gunicorn(postgres.url)
    yield running
    running.stop()
