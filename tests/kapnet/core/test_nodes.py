"""Which node of a cluster is asked, how old its rows may be, and what a watcher is told."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import psycopg
import pytest
import time_machine
from django.core.cache import cache
from django.db import OperationalError, connection, connections
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from pytest_django import DjangoDbBlocker
from pytest_django.fixtures import Settings

from evidence.models import Release, Source
from kapnet.core import patience, standby
from kapnet.core.accounts.middleware import NOTED_WITHIN_SECONDS
from kapnet.core.audit.models import Event
from kapnet.core.database import are_writes_refused
from kapnet.core.nodes import in_words, prefer_primary
from kapnet.core.patience import PAGE_SECONDS
from kapnet.core.people.models import User
from kapnet.core.standby import StandbyRouter, age, behind_by, may_read_standby
from kapnet.core.web.session_store import SessionStore
from tests.collecting import for_each

on_postgresql = pytest.mark.skipif(
    connection.vendor != "postgresql", reason="SQLite has no second node"
)
NO_STANDBY = "no synchronous standby is connected; changes wait until one is"
LONG_AGO = datetime(2026, 11, 20, 15, 32, 5, tzinfo=UTC)


@for_each(
    ("is_read_only", "waits", "has_standby", "said"),
    [
        (False, False, False, ""),
        (False, False, True, ""),
        (False, True, True, ""),
        (False, True, False, NO_STANDBY),
        (True, False, False, "changes cannot be saved"),
        (True, True, False, "changes cannot be saved"),
    ],
)
def test_readyz_tells_what_is_wrong_with_the_node(
    is_read_only: bool, waits: bool, has_standby: bool, said: str
) -> None:
    assert in_words(is_read_only, waits, has_standby) == said


@for_each(
    ("is_standby", "seconds", "behind"),
    [
        (True, 3.5, timedelta(seconds=3.5)),
        (True, 60.0, timedelta(seconds=60)),
        (True, 60.1, None),
        (True, -0.2, timedelta(0)),  # its clock is behind that of the primary
        (True, None, None),  # nothing was replayed yet
        (False, 3.5, None),  # a primary by now
    ],
)
def test_standby_is_used_while_it_is_not_far_behind(
    is_standby: bool, seconds: float | None, behind: timedelta | None
) -> None:
    assert behind_by(is_standby, seconds) == behind


def test_marked_page_reads_evidence_and_audit_there_and_writes_nothing_there() -> None:
    router = StandbyRouter()
    models = (Release, Source, Event, User)
    asked: list[list[str]] = []

    @may_read_standby
    def view(request: HttpRequest) -> HttpResponse:
        asked.append([router.db_for_read(one) for one in models])
        asked.append([router.db_for_write(one) for one in models])
        return HttpResponse(str(age()))

    with a_standby(lambda: LONG_AGO):
        view(RequestFactory().get("/"))
        view(RequestFactory().post("/"))
        recent = RequestFactory().get("/")
        recent.COOKIES[standby.WROTE] = "1"
        view(recent)

    there, here = ["standby"] * 3 + ["default"], ["default"] * 4
    assert asked == [there, here, here, here, here, here]
    assert [router.db_for_read(one) for one in models] == here


def test_standby_that_goes_away_meanwhile_is_nobodys_concern() -> None:
    ages = []

    @may_read_standby
    def view(request: HttpRequest) -> HttpResponse:
        ages.append(age())
        if ages[-1]:
            connections["standby"].errors_occurred = True
            raise OperationalError("terminating connection due to conflict with recovery")
        return HttpResponse("whole")

    with a_standby(lambda: LONG_AGO):
        assert view(RequestFactory().get("/")).content == b"whole"

    assert [one is None for one in ages] == [False, True]


def test_failure_of_the_primary_is_no_reason_to_write_again() -> None:
    written = []

    @may_read_standby
    def view(request: HttpRequest) -> HttpResponse:
        written.append("that it was read")
        raise OperationalError("no answer within 20 s")

    with a_standby(lambda: LONG_AGO), pytest.raises(OperationalError):
        view(RequestFactory().get("/"))

    assert len(written) == 1


@contextmanager
def a_standby(moment: Any = standby.moment_of_standby, **changes: Any) -> Iterator[None]:
    """A second connection to the database of the tests, or to nowhere, that is called a standby."""
    settings = connection.settings_dict
    pool = {**settings["OPTIONS"].get("pool", {}), "min_size": 0, "timeout": 0.3 if changes else 5}
    options = (
        {"OPTIONS": {**settings["OPTIONS"], "pool": pool}} if "pool" in settings["OPTIONS"] else {}
    )
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(connections.settings, "standby", {**settings, **options, **changes})
        patch.setattr(standby, "_asked_again_at", 0.0)
        patch.setattr(standby, "moment_of_standby", moment)
        try:
            yield
        finally:
            connections["standby"].close()
            if getattr(connections["standby"], "pool", None):
                connections["standby"].close_pool()  # type: ignore[attr-defined]
            del connections["standby"]


@on_postgresql
@pytest.mark.database
@pytest.mark.usefixtures("django_db_setup")
def test_page_of_a_standby_says_how_old_it_is(
    django_db_blocker: DjangoDbBlocker, settings: Settings
) -> None:
    settings.OPEN_WITHOUT_SIGN_IN = True
    settings.DATABASE_ROUTERS = ["kapnet.core.standby.StandbyRouter"]

    with django_db_blocker.unblock():  # a test case lets nobody connect to a second database
        with a_standby(lambda: LONG_AGO), CaptureQueriesContext(connections["standby"]) as there:
            page = Client().get("/guide/").content.decode()
        with a_standby():  # a primary, in truth: it is asked, and not used
            newest = Client().get("/guide/").content.decode()
        with a_standby(PORT="1"):
            away = Client().get("/guide/").content.decode()
        connection.close()

    assert "As of 10:32:05, " in page
    assert any("evidence_release" in one["sql"] for one in there)
    assert "As of" not in newest
    assert "As of" not in away


@on_postgresql
@pytest.mark.database
@pytest.mark.usefixtures("django_db_setup")
def test_standby_that_hangs_is_not_waited_for(
    django_db_blocker: DjangoDbBlocker, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(standby, "ASK", "SELECT true, 0.0 FROM pg_sleep(5)")
    monkeypatch.setattr(standby, "ANSWERS_SECONDS", 0.1)

    with django_db_blocker.unblock(), a_standby():
        started = time.monotonic()
        assert standby.moment_of_standby() is None
        took = time.monotonic() - started

    assert took < 2


@pytest.mark.django_db
def test_page_that_was_read_does_not_wait_for_its_session(
    therapist: User, client_for: Callable[[User], Client], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without a standby it is stored when one is back; it keeps that somebody did something."""
    waited: list[float | None] = []

    def wait(self: SessionStore, must_create: bool = False) -> None:
        waited.append(patience._LONGEST.get())
        raise OperationalError("no answer")

    client = client_for(therapist)
    monkeypatch.setattr(SessionStore, "save", wait)
    with time_machine.travel(timezone.now() + timedelta(minutes=1)):
        assert client.get("/guide/").status_code == 200
        client.raise_request_exception = False
        assert client.post("/guide/").status_code == 503

    assert waited == [NOTED_WITHIN_SECONDS, PAGE_SECONDS]


def test_somebody_who_wrote_reads_the_newest() -> None:
    note = standby.NoteWritesMiddleware(lambda request: HttpResponse())

    wrote = note(RequestFactory().post("/")).cookies[standby.WROTE]

    assert wrote["max-age"] == standby.OLDEST.total_seconds()
    assert not note(RequestFactory().get("/")).cookies


@contextmanager
def reads_only() -> Iterator[None]:
    """New connections of the app read only, as on a node that was the primary before."""
    name = connection.settings_dict["NAME"]
    url = psycopg.conninfo.make_conninfo(
        **{
            one: value
            for one, value in connection.get_connection_params().items()
            if one in SAYS_WHERE
        }
    )
    with psycopg.connect(url, autocommit=True) as open_before:
        set_to = (
            f'ALTER ROLE CURRENT_USER IN DATABASE "{name}" SET default_transaction_read_only = '
        )
        open_before.execute(f"{set_to}on".encode())
        try:
            yield
        finally:
            open_before.execute(f"{set_to}off".encode())


SAYS_WHERE = ("host", "port", "user", "password", "dbname")


@on_postgresql
@pytest.mark.database
@pytest.mark.usefixtures("django_db_setup")
def test_connections_that_died_together_cost_one_pause(django_db_blocker: DjangoDbBlocker) -> None:
    with django_db_blocker.unblock():
        connection.ensure_connection()
        pool = connection.pool  # type: ignore[attr-defined]
        opened = [pool.getconn() for _ in range(4)]
        backends = [one.info.backend_pid for one in opened]
        for one in opened:
            pool.putconn(one)
        with connection.cursor() as cursor:
            for one in backends:
                cursor.execute("SELECT pg_terminate_backend(%s, 1000)", [one])
        started = time.monotonic()
        fresh = pool.getconn()
        took = time.monotonic() - started
        pool.putconn(fresh)
        connection.close()
        connection.close_pool()  # type: ignore[attr-defined]

    assert took < 2  # one after the other they take seven seconds


@on_postgresql
@pytest.mark.django_db(transaction=True)
def test_what_pgbouncer_once_heard_does_not_count(monkeypatch: pytest.MonkeyPatch) -> None:
    """It greets each client as its first server did, which may have been a standby then."""
    connection.ensure_connection()
    backend = connection.connection.info.backend_pid

    with monkeypatch.context() as patch:
        patch.setattr(psycopg.ConnectionInfo, "parameter_status", lambda self, name: "on")
        prefer_primary(connection)

    assert not are_writes_refused()
    assert connection.connection.info.backend_pid == backend


@on_postgresql
@pytest.mark.django_db(transaction=True)
def test_read_only_node_is_left_as_soon_as_another_takes_changes() -> None:
    def is_read_only() -> bool:
        with connection.cursor() as cursor:
            cursor.execute("SHOW transaction_read_only")
            return bool(cursor.fetchone() == ("on",))

    connection.close()
    connection.close_pool()  # type: ignore[attr-defined]
    with reads_only():
        assert is_read_only()
        assert are_writes_refused()
        assert Client().get("/readyz").content == b"degraded: changes cannot be saved\n"
        connection.close()

    assert not is_read_only()  # though the connection that waited in the pool was
    assert not are_writes_refused()
    cache.set("written", value=True)
    assert cache.get("written")
