"""A letter is signed whole or not at all, and a migration is finished or was never begun."""

from __future__ import annotations

import subprocess
import sys
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

import psycopg
import pytest

from script.measure.server import ROOT, environment, manage
from script.measure.web import signed_in
from tests.whole.faults.drafts import WHOLE, Draft
from tests.whole.faults.processes import Gunicorn, Postgres, wait_until

pytestmark = [pytest.mark.faults, pytest.mark.slow]

MIGRATIONS = "SELECT count(*) FROM django_migrations"
STATUS = "SELECT status FROM letters_letter WHERE id = %s"


def test_f03_worker_killed_while_signing_leaves_a_draft_that_can_be_signed(
    postgres: Postgres, server: Gunicorn, draft: Draft
) -> None:
    client = signed_in(server.port)

    with ThreadPoolExecutor(1) as pool:
        with psycopg.connect(postgres.url_of_superuser) as connection:
            connection.execute("LOCK TABLE letters_seal IN SHARE MODE")
            doomed: Future[str] = pool.submit(draft.sign, client)
            wait_until(postgres.is_someone_waiting, what="the letter written, its seal not")
            server.kill_workers()
        with pytest.raises(OSError):  # noqa: PT011 - whatever a dead worker's client sees
            doomed.result()
    wait_until(lambda: not postgres.is_someone_waiting(), what="the transaction ended")

    assert postgres.ask(STATUS, draft.id) == "draft"
    wait_until(server.answers, what="a page after the fault")
    draft.sign(signed_in(server.port))
    assert postgres.ask(STATUS, draft.id) == "signed"
    assert postgres.ask(WHOLE, draft.id) is True


def test_f07_signing_sent_twice_at_once_signs_once(
    postgres: Postgres, server: Gunicorn, draft: Draft
) -> None:
    clients = [signed_in(server.port) for _ in range(2)]

    with ThreadPoolExecutor(2) as pool:
        answers = [pool.submit(draft.sign, client) for client in clients]

    assert not [one.exception() for one in answers if one.exception()]
    assert postgres.ask(WHOLE, draft.id) is True


@pytest.mark.long
def test_f19_migration_killed_half_way_is_finished_by_the_next(postgres: Postgres) -> None:
    with psycopg.connect(postgres.url_of_superuser, autocommit=True) as connection:
        connection.execute("DROP DATABASE IF EXISTS half")
        connection.execute("CREATE DATABASE half OWNER kapnet")
    url = f"{postgres.url.rpartition('/')[0]}/half"
    command = [sys.executable, "manage.py", "migrate", "--verbosity", "0"]
    migrating = subprocess.Popen(command, cwd=ROOT, env=environment(url))
    with psycopg.connect(url, autocommit=True) as half_way:
        wait_until(lambda: has_tables_of_the_audit_log(half_way), what="half of the tables")
        migrating.kill()
        migrating.wait()
        begun = half_way.execute(MIGRATIONS).fetchone()

        manage(url, "migrate", "--verbosity", "0")

        assert begun != half_way.execute(MIGRATIONS).fetchone()
    manage(url, "migrate", "--check")
    manage(url, "audit", "verify")


def has_tables_of_the_audit_log(connection: psycopg.Connection[Any]) -> bool:
    return connection.execute("SELECT to_regclass('audit_event')").fetchone() != (None,)
