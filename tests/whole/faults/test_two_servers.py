"""Two servers behind nginx, one PostgreSQL behind PgBouncer: either may die, nothing is lost."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPException
from types import TracebackType
from typing import Any

import psycopg
import pytest
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.utils import ConnectionHandler
from django_scopes import scope
from pytest_django import DjangoDbBlocker

from kapnet.core.people.demo import DEMO_PASSWORD, DEMO_PEOPLE
from kapnet.core.people.models import Clinic
from kapnet.environment import env
from script.measure.web import FIRST_VALUE, VALUES, Saver
from tests.whole.faults.balancer import BEHIND_NGINX, Nginx, PgBouncer, SecureClient
from tests.whole.faults.processes import PATIENCE, Gunicorn, Postgres, wait_until
from tests.whole.faults.seeds import Seeds

pytestmark = [pytest.mark.faults, pytest.mark.slow]

STORED = "SELECT value FROM decisions_answer WHERE case_id = %s AND question = 'bp_systolic'"
SAVES = "SELECT count(*) FROM audit_event WHERE case_id = %s AND action = 'answer.saved'"
PEOPLE = 3
SAYS = "SELECT current_setting('kapnet.clinic', true)"
BACKEND = "SELECT pg_backend_pid()"
CASES = "SELECT count(*) FROM decisions_case"


@pytest.fixture(scope="module")
def pgbouncer(postgres: Postgres) -> Iterator[PgBouncer]:
    running = PgBouncer(postgres.url)
    yield running
    running.stop()


@pytest.fixture(scope="module")
def servers(pgbouncer: PgBouncer) -> Iterator[list[Gunicorn]]:
    running = [Gunicorn(pgbouncer.url, **BEHIND_NGINX) for _ in range(2)]
    yield running
    for one in running:
        one.stop()


@pytest.fixture(scope="module")
def nginx(servers: list[Gunicorn]) -> Iterator[Nginx]:
    first, second = servers
    running = Nginx(first.port, second.port)
    yield running
    running.stop()


def value(connection: psycopg.Connection, sql: str) -> object:
    row = connection.execute(sql.encode()).fetchone()
    return row[0] if row else None


def signed_in(nginx: Nginx) -> SecureClient:
    client = nginx.client()
    client.sign_in(DEMO_PEOPLE[0].email, DEMO_PASSWORD)
    return client


class Person:
    """Saves one answer of one case again and again, for as long as the block runs."""

    def __init__(self, nginx: Nginx, case_id: str) -> None:
        self.case_id = case_id
        self.acknowledged = 0
        self.failed = 0
        self.may_stand = {0}
        """What the database may hold: what was acknowledged last, or sent since."""
        self._client = signed_in(nginx)
        self._stops = threading.Event()
        self._thread = threading.Thread(target=self._save_until_the_end)

    def __enter__(self) -> Person:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        problem: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._stops.set()
        self._thread.join(timeout=PATIENCE)

    def _save_until_the_end(self) -> None:
        while not self._stops.is_set():
            try:
                self._save_until_it_fails()
            except (OSError, HTTPException):
                self.failed += 1
                time.sleep(0.1)

    def _save_until_it_fails(self) -> None:
        """After a failure the page is opened again, with the same sign-in."""
        saver = Saver(self._client, self.case_id)
        for turn in range(1_000_000):
            self.may_stand.add(FIRST_VALUE + turn % VALUES)
            self.may_stand = {saver.save()}
            self.acknowledged += 1
            if self._stops.is_set():
                return


def all_go_on(people: list[Person]) -> None:
    """Each of them has a few more saves acknowledged."""
    before = [one.acknowledged for one in people]
    wait_until(
        lambda: all(
            one.acknowledged > earlier + 5 for one, earlier in zip(people, before, strict=True)
        ),
        what="saves go on",
    )


@pytest.mark.long
def test_either_server_is_killed_and_nothing_is_lost(
    postgres: Postgres, servers: list[Gunicorn], nginx: Nginx, seeds: Seeds
) -> None:
    people = [Person(nginx, seeds.take("case")) for _ in range(PEOPLE)]
    before = {one.case_id: postgres.ask(SAVES, one.case_id) for one in people}

    with people[0], people[1], people[2]:
        all_go_on(people)
        for server in servers:
            server.kill()
            all_go_on(people)
            server.start()
            time.sleep(6)  # nginx asks a server again after 5 seconds
            all_go_on(people)

    for one in people:
        saved = postgres.ask(SAVES, one.case_id) - before[one.case_id]
        assert postgres.ask(STORED, one.case_id) in one.may_stand
        assert one.acknowledged <= saved <= one.acknowledged + one.failed
        assert one.failed <= 2 * len(servers)


@pytest.mark.long
def test_log_of_nginx_holds_no_path(nginx: Nginx) -> None:
    client = signed_in(nginx)
    client.get("/cases/?whose=clinic")

    wait_until(lambda: nginx.access_log.read_text().count("\n") > 2, what="its lines")

    assert "cases" not in nginx.access_log.read_text()
    assert "login" not in nginx.access_log.read_text()


@pytest.mark.usefixtures("case_id")
def test_connection_that_changes_hands_forgets_the_clinic(postgres: Postgres) -> None:
    single = PgBouncer(postgres.url, connections=1)
    try:
        with psycopg.connect(single.url, autocommit=True) as first:
            first.execute("SET kapnet.clinic = '*'")
            held, seen = value(first, BACKEND), value(first, CASES)
        with psycopg.connect(single.url, autocommit=True) as second:
            assert value(second, BACKEND) == held
            assert value(second, SAYS) in ("", None)
            assert value(second, CASES) == 0
        assert seen != 0
    finally:
        single.stop()


@pytest.mark.long
@pytest.mark.usefixtures("case_id")
def test_connection_that_two_share_shows_each_its_own_clinic(
    postgres: Postgres, django_db_blocker: DjangoDbBlocker
) -> None:
    """Two servers take turns on one connection, transaction by transaction."""
    shared = PgBouncer(postgres.url, connections=1, mode="transaction")
    clinic = Clinic(pk=postgres.ask("SELECT clinic_id FROM decisions_case LIMIT 1"))
    databases = {"default": env.db_url_config(shared.url)}
    first, second = (ConnectionHandler(databases)["default"] for _ in range(2))
    try:
        with django_db_blocker.unblock():
            for _ in range(3):
                with scope(clinic=clinic):
                    ours, backend = found(first, CASES), found(first, BACKEND)
                    with transaction_of(first):
                        assert found(first, CASES) == ours > 0
                assert found(second, CASES) == 0
                with scope(clinic=Clinic()):
                    assert found(second, CASES) == 0
                assert found(second, BACKEND) == backend
                assert not found(second, SAYS)
    finally:
        first.close()
        second.close()
        shared.stop()


def found(connection: BaseDatabaseWrapper, sql: str) -> Any:
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return cursor.fetchone()[0]


@contextmanager
def transaction_of(connection: BaseDatabaseWrapper) -> Iterator[None]:
    connection.set_autocommit(False)
    yield
    connection.commit()
    connection.set_autocommit(True)


@pytest.mark.long
def test_made_up_address_passes_no_nginx(nginx: Nginx) -> None:
    client, pages = nginx.client(source="127.0.0.9"), []  # signs in no more for a while
    for number in range(12):
        token = client.token_of(client.get("/accounts/login/"))
        fields = {"csrfmiddlewaretoken": token, "login": f"a{number}@b.example", "password": "x"}
        pages.append(client.post_from(f"192.0.2.{number}", "/accounts/login/", fields))

    assert "Too many tries" in pages[-1]
