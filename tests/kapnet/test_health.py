"""What a watcher is told: that the process lives, and whether it can serve pages (S-50)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.db import DatabaseError, connection
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries
from pytest_django.fixtures import Settings
from structlog.testing import capture_logs

from decisions.desk.tasks import make_export
from decisions.rules.loading import CURRENT_EDITION
from kapnet import health, ready
from kapnet.core.background.jobs import WAITS_LONG, note_beat
from kapnet.core.encryption.keys import make_key
from kapnet.core.people.models import User
from tests.decisions.case_factories import make_case

pytestmark = pytest.mark.both_databases

STRANGE_HOST = "10.0.0.7"


@pytest.fixture(autouse=True)
def just_started(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ready, "_was_migrated", False)
    monkeypatch.setattr(health, "_did_fit", False)


@pytest.fixture
def worker(db: None) -> None:
    note_beat("a-worker")


@pytest.fixture
def database_away() -> Iterator[None]:
    def refuse(*some: Any) -> None:
        raise DatabaseError("could not connect to server db.internal as kapnet")

    with connection.execute_wrapper(refuse):
        yield


def test_healthz_needs_no_database() -> None:
    response = Client().get("/healthz")  # the test has no database, and would fail by asking one

    assert (response.status_code, response.content) == (200, b"alive\n")
    assert response["Cache-Control"] == "no-store"


@pytest.mark.usefixtures("worker")
def test_readyz_is_ready() -> None:
    response = Client().get("/readyz")

    assert (response.status_code, response.content) == (200, b"ready\n")


@pytest.mark.django_db
def test_readyz_without_a_worker_says_so() -> None:
    response = Client().get("/readyz")

    assert response.status_code == 200
    assert response.content == b"degraded: no worker runs; mail and files of letters wait\n"


@pytest.mark.usefixtures("worker")
def test_readyz_says_that_jobs_wait() -> None:
    make_export.enqueue("00000000-0000-0000-0000-000000000000")

    assert Client().get("/readyz").content == b"ready\n"
    with time_machine.travel(timezone.now() + WAITS_LONG + timedelta(seconds=1)):
        note_beat("a-worker")
        assert Client().get("/readyz").content.startswith(b"degraded: jobs have waited")


@pytest.mark.usefixtures("worker")
def test_readyz_costs_four_queries_and_on_postgresql_five(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    Client().get("/readyz")

    asks_whether_read_only = connection.vendor == "postgresql"
    with django_assert_num_queries(4 + asks_whether_read_only):
        Client().get("/readyz")


@pytest.mark.django_db
def test_readyz_while_the_database_is_away(database_away: None) -> None:
    response = Client().get("/readyz")

    assert response.status_code == 503
    assert response.content == b"not ready: the database does not answer\n"


@pytest.mark.django_db
def test_readyz_with_an_older_database() -> None:
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM django_migrations WHERE app = 'audit' AND name >= '0002'")

    response = Client().get("/readyz")

    assert response.status_code == 503
    assert response.content == b"not ready: the database is not up to date\n"


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("keys", "why"),
    [
        ([make_key()], b"not ready: the data keys do not fit the database\n"),
        (["no key"], b"not ready: there is no data key that can be used\n"),
    ],
)
def test_readyz_with_other_keys(
    therapist: User, settings: Settings, keys: list[str], why: bytes
) -> None:
    make_case(therapist)
    settings.DATA_KEYS = keys

    response = Client().get("/readyz")

    assert (response.status_code, response.content) == (503, why)


@pytest.mark.django_db
@pytest.mark.parametrize("part", ["load_edition", "current_evidence"])
def test_readyz_without_edition_or_evidence(monkeypatch: pytest.MonkeyPatch, part: str) -> None:
    def missing() -> None:
        raise FileNotFoundError("/srv/kapnet/decisions/rules/editions/2026.1")

    monkeypatch.setattr(health, part, missing)

    response = Client().get("/readyz")

    assert response.status_code == 503
    assert response.content == b"not ready: edition or evidence cannot be loaded\n"


@pytest.mark.django_db
@pytest.mark.parametrize("address", ["/healthz", "/readyz"])
def test_watcher_needs_no_sign_in_no_host_name_and_no_https(
    settings: Settings, address: str
) -> None:
    settings.SECURE_SSL_REDIRECT = True

    with capture_logs() as log:
        response = Client().get(address, headers={"Host": STRANGE_HOST})

    assert response.status_code == 200
    assert not response.cookies
    assert log == []
    assert CURRENT_EDITION not in response.content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize("address", ["/healthz", "/readyz"])
def test_watcher_may_only_look(address: str) -> None:
    assert Client().post(address).status_code == 405
    assert Client().head(address).status_code == 200


@pytest.mark.django_db
def test_other_addresses_are_handed_on() -> None:
    assert Client().get("/healthz/").status_code == 404
