"""Two migrations of one database at the same moment: one waits, and both end well."""

from __future__ import annotations

import subprocess
import sys

import psycopg
import pytest

from kapnet.core.accounts.management.commands.migrate import LOCK
from script.measure.server import ROOT, environment, manage
from tests.whole.faults.processes import PATIENCE, Postgres

pytestmark = [pytest.mark.faults, pytest.mark.slow]


@pytest.fixture
def empty(postgres: Postgres) -> str:
    """The address of a database without a table."""
    with psycopg.connect(postgres.url_of_superuser, autocommit=True) as connection:
        connection.execute("DROP DATABASE IF EXISTS at_once")
        connection.execute("CREATE DATABASE at_once OWNER kapnet")
    return f"{postgres.url.rpartition('/')[0]}/at_once"


def migrating(url: str) -> subprocess.Popen[bytes]:
    command = [sys.executable, "manage.py", "migrate", "--verbosity", "0"]
    return subprocess.Popen(command, cwd=ROOT, env=environment(url))


@pytest.mark.long
def test_f19_two_migrations_at_once_wait_for_each_other(empty: str) -> None:
    both = [migrating(empty) for _ in range(2)]

    assert [one.wait(timeout=3 * PATIENCE) for one in both] == [0, 0]
    manage(empty, "migrate", "--check")


@pytest.mark.long
def test_f19_migration_begins_once_the_one_before_is_over(empty: str) -> None:
    with psycopg.connect(empty, autocommit=True) as before:
        before.execute("SELECT pg_advisory_lock(%s)", [LOCK])
        waits = migrating(empty)
        with pytest.raises(subprocess.TimeoutExpired):
            waits.wait(timeout=6)
        tables = before.execute("SELECT to_regclass('clinics_user')").fetchone()

    assert tables == (None,)
    assert waits.wait(timeout=2 * PATIENCE) == 0
