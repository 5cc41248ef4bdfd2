"""A save is whole or not at all, and what was acknowledged stays, whatever is killed meanwhile."""

from __future__ import annotations

import time
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from functools import partial
from http.client import HTTPException

import psycopg
import pytest

from script.measure.server import Client
from script.measure.web import FIRST_VALUE, SECTION, VALUES, Saver, signed_in
from tests.whole.faults.processes import Gunicorn, Postgres, wait_until

pytestmark = [pytest.mark.faults, pytest.mark.slow]

STORED = "SELECT value FROM decisions_answer WHERE case_id = %s AND question = 'bp_systolic'"
SAVES = "SELECT count(*) FROM audit_event WHERE case_id = %s AND action = 'answer.saved'"
POOL_SECONDS = 10
"""How long a request waits for a connection, in settings.py."""


@contextmanager
def held(postgres: Postgres, table: str) -> Iterator[None]:
    """Nobody else writes to this table for as long as the block runs."""
    with psycopg.connect(postgres.url_of_superuser) as connection:
        connection.execute(f"LOCK TABLE {table} IN SHARE MODE".encode())
        yield


def save_until_it_fails(saver: Saver, acknowledged: list[int]) -> None:
    """Save again and again, noting each value that the server acknowledged."""
    try:
        while True:
            acknowledged.append(saver.save())
    except (OSError, HTTPException):  # no answer, or the beginning of one
        return


def is_under_way(acknowledged: list[int]) -> bool:
    return len(acknowledged) > 3


def following(value: int) -> int:
    """The value that a saver sends after this one."""
    return FIRST_VALUE + (value - FIRST_VALUE + 1) % VALUES


def status_of(client: Client, path: str) -> str:
    """The page, or the words of the refusal."""
    try:
        return client.get(path)
    except OSError as refusal:
        return str(refusal)


def usable_again(server: Gunicorn, case_id: str) -> Saver:
    """A saver on the case after signing in again; waits for the server."""
    wait_until(server.answers, what="a page after the fault")
    return Saver(signed_in(server.port), case_id)


def test_worker_killed_between_answer_and_audit_event_leaves_neither(
    postgres: Postgres, server: Gunicorn, case_id: str
) -> None:
    saver = Saver(signed_in(server.port), case_id)
    acknowledged = saver.save()
    saves = postgres.ask(SAVES, case_id)

    with ThreadPoolExecutor(1) as pool:
        with held(postgres, "audit_event"):
            doomed: Future[int] = pool.submit(saver.save)
            wait_until(postgres.is_someone_waiting, what="the answer written, its event not")
            server.kill_workers()
        with pytest.raises(OSError):  # noqa: PT011 - whatever a dead worker's client sees
            doomed.result()
    wait_until(lambda: not postgres.is_someone_waiting(), what="the transaction ended")

    assert postgres.ask(STORED, case_id) == acknowledged
    assert postgres.ask(SAVES, case_id) == saves
    assert usable_again(server, case_id).save() == postgres.ask(STORED, case_id)


def test_worker_killed_while_saving_loses_no_acknowledged_answer(
    postgres: Postgres, server: Gunicorn, case_id: str
) -> None:
    for _ in range(3):
        saver = usable_again(server, case_id)
        acknowledged = [saver.save()]
        before = postgres.ask(SAVES, case_id)  # after the first save
        with ThreadPoolExecutor(1) as pool:
            saving = pool.submit(save_until_it_fails, saver, acknowledged)
            wait_until(partial(is_under_way, acknowledged), what="a few saves")
            server.kill_workers()
            saving.result()

        written = postgres.ask(SAVES, case_id) - before
        assert len(acknowledged) > 2
        assert written in (len(acknowledged) - 1, len(acknowledged))
        assert postgres.ask(STORED, case_id) in (acknowledged[-1], following(acknowledged[-1]))


@pytest.mark.long
def test_postgresql_killed_mid_transaction_keeps_what_was_acknowledged(
    postgres: Postgres, server: Gunicorn, case_id: str
) -> None:
    client = signed_in(server.port)
    saver = Saver(client, case_id)
    acknowledged = saver.save()

    with ThreadPoolExecutor(1) as pool, psycopg.connect(postgres.url_of_superuser) as holder:
        holder.execute("LOCK TABLE audit_event IN SHARE MODE")
        doomed: Future[int] = pool.submit(saver.save)
        wait_until(postgres.is_someone_waiting, what="the answer written, its event not")
        postgres.kill()
        with pytest.raises(OSError, match="answered 503"):
            doomed.result()
        holder.close()
    path = f"/cases/{case_id}/{SECTION}/"
    assert status_of(client, path).endswith("answered 503")

    postgres.start_again()
    took = wait_until(lambda: "bp_systolic" in status_of(client, path), what="the page again")

    assert took < 30
    assert postgres.ask(STORED, case_id) == acknowledged
    assert "bp_systolic" in client.get(path)
    assert Saver(client, case_id).save() == postgres.ask(STORED, case_id)


@pytest.mark.long
def test_pages_after_a_restart_of_postgresql_meet_no_dead_connection(
    postgres: Postgres, case_id: str
) -> None:
    server = Gunicorn(postgres.url, workers=1)
    try:
        path = f"/cases/{case_id}/{SECTION}/"
        signed_in(server.port).get(path)
        postgres.kill()
        postgres.start_again()

        assert "bp_systolic" in signed_in(server.port).get(path)
    finally:
        server.stop()


@pytest.mark.long
def test_exhausted_pool_answers_503_in_time_and_loses_no_save(
    postgres: Postgres, case_id: str
) -> None:
    server = Gunicorn(postgres.url, workers=1, DATABASE_POOL_SIZE="1")
    try:
        saver, other = Saver(signed_in(server.port), case_id), signed_in(server.port)
        with ThreadPoolExecutor(1) as pool:
            with held(postgres, "audit_event"):
                slow = pool.submit(saver.save)
                wait_until(postgres.is_someone_waiting, what="the only connection is taken")
                started = time.monotonic()
                refusal = status_of(other, "/cases/")
                waited = time.monotonic() - started
            acknowledged = slow.result()

        assert refusal == "/cases/ answered 503"
        assert POOL_SECONDS - 1 < waited < 2 * POOL_SECONDS
        assert postgres.ask(STORED, case_id) == acknowledged
        assert "/cases/" in other.get("/cases/")
    finally:
        server.stop()
