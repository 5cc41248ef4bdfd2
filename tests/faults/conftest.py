"""One PostgreSQL with the demo clinic for all tests of faults, a case and a server for each."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from script.measure.server import manage, prepare
from script.measure.web import seed_cases
from tests.faults.drafts import Draft, seed_draft
from tests.faults.processes import Gunicorn, Postgres


@pytest.fixture(scope="package")
def postgres() -> Iterator[Postgres]:
    """A database with the evidence and the demo clinic."""
    server = Postgres()
    try:
        prepare(server.url)
        yield server
    finally:
        server.stop()


@pytest.fixture(autouse=True)
def _trail_holds(postgres: Postgres) -> Iterator[None]:
    """After each fault the audit trail and every signed letter are what was written."""
    yield
    manage(postgres.url, "audit", "verify")


@pytest.fixture
def case_id(postgres: Postgres) -> str:
    """A new case of the demo therapist, all of whose questions are answered."""
    return seed_cases(postgres.url, 1)[0]


@pytest.fixture
def draft(postgres: Postgres) -> Draft:
    """A new draft of the demo therapist."""
    return seed_draft(postgres.url)


@pytest.fixture
def server(postgres: Postgres) -> Iterator[Gunicorn]:
    """The app with two workers."""
    running = Gunicorn(postgres.url)
    yield running
    running.stop()
