"""One PostgreSQL with the demo clinic for all tests of faults, a case and a server for each."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count

import pytest

from script.measure.server import manage, prepare
from script.measure.web import seed_cases
from tests.faults.drafts import Draft, seed_draft
from tests.faults.processes import Gunicorn, Postgres

AT_A_TIME = 6


@pytest.fixture(scope="package")
def postgres() -> Iterator[Postgres]:
    """A database with the evidence and the demo clinic."""
    server = Postgres()
    try:
        prepare(server.url)
        yield server
    finally:
        server.stop()


@pytest.fixture(autouse=True, scope="module")
def _audit_log_holds(postgres: Postgres) -> Iterator[None]:
    """After the faults of a file the audit log and every signed letter are what was written.

    Nothing repairs a chain that one of them broke, so that the last look sees it.
    """
    yield
    manage(postgres.url, "audit", "verify")


@pytest.fixture(scope="package")
def cases(postgres: Postgres) -> Iterator[str]:
    """Cases of the demo therapist, made some at a time: a process that makes one costs seconds."""
    return (case for _ in count() for case in seed_cases(postgres.url, AT_A_TIME))


@pytest.fixture
def case_id(cases: Iterator[str]) -> str:
    """A new case of the demo therapist, all of whose questions are answered."""
    return next(cases)


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
